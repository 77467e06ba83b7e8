import type { Command } from '#cli/command.ts';
import { frameWords } from '#cli/frame-words.ts';

const p2m: Command = {
  name: 'p2m',
  usage: 'p2m FILE PFN… [--root R] [--mode M] [--cpu N] [--json]',
  summary: 'words of a Xen guest’s physical-to-machine list: the machine frame of each guest frame, and where the word lies',
  operands: [1, 1000],
  run: (run) => frameWords(run, 'PFN', (root, pfn) => run.session.p2mWord(root, pfn)),
};
export default p2m;
