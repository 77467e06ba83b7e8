import { quietTask } from '#core/base/task.ts';
import type { FormatOptions, OpenedDump, TextPlacement } from '#core/formats/format.ts';
import text from '#core/formats/text.format.ts';
import { machineAddress } from '#core/memory/address.ts';
import { bytesSource } from '#core/memory/byte-source.ts';

/** A text dump as its format opens it, with what tests ask of it. */
export interface Printed {
  readonly dump: OpenedDump;
  placement(page: number): TextPlacement | undefined;
  /** 8-byte word as 16 hex digits, or the presence where it is not held. */
  word(address: number): Promise<string>;
  /** `length` bytes as hex, with `..` for absent and `zz` / `--` for zero and assumed zero. */
  bytes(address: number, length: number): Promise<string>;
}

export const encode = (printed: string): Uint8Array => new TextEncoder().encode(printed);

export async function openPrinted(printed: string | Uint8Array, options: FormatOptions = {}): Promise<Printed> {
  const bytes = typeof printed === 'string' ? encode(printed) : printed;
  const dump = await text.open(bytesSource(bytes), quietTask, options);
  const read = (address: number, length: number): Promise<string> => hexOf(dump, address, length);
  return {
    dump,
    placement: (page) => dump.text?.placements.find((placement) => placement.page === page),
    bytes: read,
    word: async (address) => {
      const pairs = (await read(address, 8)).match(/../g) ?? [];
      return pairs.reverse().join('');
    },
  };
}

async function hexOf(dump: OpenedDump, address: number, length: number): Promise<string> {
  const [piece] = await dump.image.read([{ start: machineAddress(address), length }]);
  if (piece === undefined) throw new Error('a piece for each range');
  const signs = { held: undefined, zero: 'zz', 'assumed-zero': '--', absent: '..' };
  const out: string[] = [];
  for (const run of piece.presence) {
    for (let at = run.offset; at < run.offset + run.length; at++)
      out.push(signs[run.presence] ?? (piece.bytes[at] ?? 0).toString(16).padStart(2, '0'));
  }
  return out.join('');
}
