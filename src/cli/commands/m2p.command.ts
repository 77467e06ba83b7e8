import type { Command } from '#cli/command.ts';
import { frameWords } from '#cli/frame-words.ts';

const m2p: Command = {
  name: 'm2p',
  usage: 'm2p FILE MFN… [--root R] [--mode M] [--cpu N] [--json]',
  summary: 'words of Xen’s machine-to-physical table: the guest frame of each machine frame, and where the word lies',
  operands: [1, 1000],
  run: (run) => frameWords(run, 'MFN', (root, mfn) => run.session.m2pWord(root, mfn)),
};
export default m2p;
