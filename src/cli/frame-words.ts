import { hex, virtualHex } from '#core/base/hex.ts';
import { pagingMode } from '#core/paging/modes.ts';
import { type FrameWord, fileText, type RootChoice } from '#core/session/contract.ts';
import { Refusal, type Run } from './command.ts';
import { fileJson } from './file-json.ts';
import { hexNumber } from './options.ts';
import { rootOf } from './root-of.ts';

type Ask = (root: RootChoice, index: number) => Promise<FrameWord | undefined>;

/** Runs `m2p` or `p2m`: a line, or an object, for each number given. @throws Refusal where nothing of the dump is Xen's. */
export async function frameWords(run: Run, name: string, ask: Ask): Promise<void> {
  const root = await rootOf(run);
  const { virtualBits } = pagingMode(root.mode);
  const words: FrameWord[] = [];
  for (const text of run.operands) {
    const word = await ask(root, hexNumber(name, text));
    if (!word) throw new Refusal('Nothing under this root is Xen’s: no M2P is mapped, and the dump has no P2M.');
    words.push(word);
  }
  if (run.options.json)
    return run.out.line(
      JSON.stringify(
        words.map((word) => asJson(word, virtualBits)),
        undefined,
        2,
      ),
    );
  for (const word of words) await run.out.line(asText(word, virtualBits));
}

function asText(word: FrameWord, bits: number): string {
  const value = word.value === undefined ? (word.reason === undefined ? 'none' : 'unknown') : hex(word.value, 8);
  return [`${word.table}[${hex(word.index)}]`.padEnd(14), value.padEnd(8), word.meaning, ...placeWords(word, bits)].join('  ');
}

function placeWords(word: FrameWord, bits: number): string[] {
  const { seenAt, machineAddress, fileOffset, reason } = word;
  return [
    ...(seenAt ? [`at ${virtualHex(seenAt.page, seenAt.offset, bits)}`] : []),
    ...(machineAddress === undefined ? [] : [`machine ${hex(machineAddress)}`]),
    ...(fileOffset === undefined ? [] : [fileText(word)]),
    ...(reason === undefined ? [] : [reason]),
  ];
}

/** Keys are part of the command line's promise: add, never rename. */
function asJson(word: FrameWord, bits: number): unknown {
  const { table, index, value, meaning, seenAt, machineAddress, reason } = word;
  return {
    table,
    index: hex(index),
    value: value === undefined ? null : hex(value, 8),
    meaning,
    va: seenAt ? virtualHex(seenAt.page, seenAt.offset, bits) : null,
    machine: machineAddress === undefined ? null : hex(machineAddress),
    ...fileJson(word),
    ...(reason !== undefined && { reason }),
  };
}
