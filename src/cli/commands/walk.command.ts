import type { Command, Run } from '#cli/command.ts';
import { fileJson } from '#cli/file-json.ts';
import { rootOf } from '#cli/root-of.ts';
import { virtualOperand } from '#cli/virtual-operand.ts';
import { bytesText, hex, hexWord64, virtualHex } from '#core/base/hex.ts';
import { pagingMode } from '#core/paging/modes.ts';
import { fileText, type RootChoice, type Translation, type WalkStep } from '#core/session/contract.ts';

const walk: Command = {
  name: 'walk',
  usage: 'walk FILE VA [--root R] [--mode M] [--cpu N] [--json]',
  summary: 'the page walk of one virtual address, entry by entry',
  operands: [1, 1],
  run,
};
export default walk;

async function run(run: Run): Promise<void> {
  const root = await rootOf(run);
  const { virtualBits } = pagingMode(root.mode);
  const answer = await run.session.translate(root, virtualOperand(run.operands[0] ?? '', root));
  if (run.options.json) return run.out.line(JSON.stringify(asJson(root, answer, virtualBits), undefined, 2));
  for (const line of asText(root, answer, virtualBits)) await run.out.line(line);
}

function asText(root: RootChoice, answer: Translation, bits: number): string[] {
  const va = virtualHex(answer.address.page, answer.address.offset, bits);
  return [`${va} from root ${hex(root.address)}, ${pagingMode(root.mode).label}`, ...answer.steps.map(stepText), ...outcomeText(answer)];
}

function stepText(step: WalkStep): string {
  const digits = pagingMode('pae').entryBytes * 2;
  const flags = step.present
    ? step.bits
        .filter(({ value }) => value === 1)
        .map(({ name }) => name)
        .join(' ')
    : 'not present';
  const known = step.presence === 'held' ? '' : `  (${step.presence})`;
  return `${step.entryName.padEnd(6)} ${String(step.slot).padStart(4)}  at ${hex(step.entryAddress, 9)}  ${hexWord64(step.high, step.low, digits)}  ${flags}${known}${step.reserved ? `  ${step.reserved}` : ''}`;
}

function outcomeText({ outcome, rights, steps }: Translation): string[] {
  const last = steps.at(-1);
  switch (outcome.kind) {
    case 'mapped': {
      const place = outcome.fileOffset === undefined ? (outcome.reason ?? outcome.presence) : fileText(outcome);
      const letters = `r${rights.write ? 'w' : '-'}${rights.fetch ? 'x' : '-'} ${rights.user ? 'user' : 'supervisor'}`;
      return [
        `machine ${hex(outcome.machineAddress)}  frame ${hex(outcome.frame)}  page of ${bytesText(outcome.pageFrames * 4096)}  ${letters}  ${place}`,
      ];
    }
    case 'not-present':
      return [`not present: ${last?.entryName ?? 'entry'} ${last?.slot ?? 0} is ${outcome.detail}`];
    case 'table-absent':
      return [`not in this dump: the table at frame ${hex(outcome.frame)}, ${outcome.reason}`];
    case 'entry-absent':
      return [`not in this dump: the entry itself, ${outcome.reason}`];
  }
}

/** Keys are part of the command line's promise: add, never rename. Addresses and words are hex strings. */
function asJson(root: RootChoice, answer: Translation, bits: number): unknown {
  const { outcome } = answer;
  return {
    va: virtualHex(answer.address.page, answer.address.offset, bits),
    root: hex(root.address),
    mode: answer.mode,
    steps: answer.steps.map((step) => ({
      entry: step.entryName,
      slot: step.slot,
      at: hex(step.entryAddress),
      ...fileJson(step),
      known: step.presence,
      value: hexWord64(step.high, step.low),
      present: step.present,
      leaf: step.isLeaf,
      bits: Object.fromEntries(step.bits.map(({ name, value }) => [name, value])),
      reserved: step.reserved,
    })),
    outcome: outcome.kind,
    ...(outcome.kind === 'mapped' && {
      machine: hex(outcome.machineAddress),
      frame: hex(outcome.frame),
      pageBytes: outcome.pageFrames * 4096,
      known: outcome.presence,
      ...fileJson(outcome),
    }),
    ...(outcome.kind === 'not-present' && { detail: outcome.detail }),
    ...((outcome.kind === 'table-absent' || outcome.kind === 'entry-absent') && { reason: outcome.reason }),
    rights: answer.rights,
  };
}
