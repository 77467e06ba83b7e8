import { type Command, Refusal, type Run } from '#cli/command.ts';
import { rootOf } from '#cli/root-of.ts';
import { virtualOperand } from '#cli/virtual-operand.ts';
import { FRAME_BYTES } from '#core/memory/address.ts';
import type { Explanation, Sentence, Verdict } from '#core/session/contract.ts';

const explain: Command = {
  name: 'explain',
  usage: 'explain FILE VA [--root R] [--mode M] [--cpu N] [--bytes N] [--json]',
  summary: 'what a virtual address is, in sentences with their sources, and who may touch it',
  operands: [1, 1],
  run,
};
export default explain;

async function run(run: Run): Promise<void> {
  const root = await rootOf(run);
  const answer = await run.session.explain(root, virtualOperand(run.operands[0] ?? '', root), accessBytes(run.options.bytes));
  if (run.options.json) return run.out.line(JSON.stringify(asJson(answer), undefined, 2));
  for (const line of asText(answer)) await run.out.line(line);
}

/** The widest access of one instruction is a page's worth of XSAVE; no more reaches a third page. */
function accessBytes(bytes = 1): number {
  if (bytes < 1 || bytes > FRAME_BYTES) throw new Refusal(`--bytes takes 1 to ${FRAME_BYTES.toString()}, not ${bytes.toString()}.`);
  return bytes;
}

const words = ({ parts }: Sentence): string => parts.map((part) => (typeof part === 'string' ? part : part.text)).join('');

function asText({ title, sentences, more = [], verdicts }: Explanation): string[] {
  return [
    title,
    ...[...sentences, ...more].map((sentence) => `  ${words(sentence)}  [${sentence.source}]`),
    ...verdicts.map(
      (row) => `  ${row.who}: read ${verdictText(row.read)}, write ${verdictText(row.write)}, fetch ${verdictText(row.fetch)}; ${row.decidedBy}`,
    ),
  ];
}

const verdictText = ({ allowed, fault }: Verdict): string => fault ?? (allowed === 'unknown' ? 'unknown' : allowed ? 'yes' : 'no');

/** Keys are part of the command line's promise: add, never rename. */
const asJson = ({ title, sentences, more = [], verdicts }: Explanation): unknown => ({
  title,
  sentences: [...sentences, ...more].map((sentence) => ({ text: words(sentence), source: sentence.source })),
  verdicts,
});
