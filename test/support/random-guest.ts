import fc from 'fast-check';
import { SparseMemory } from './dump-builder.ts';
import type { WrittenGuest } from './dump-writers.ts';
import { type BuiltMode, TableBuilder } from './table-builder.ts';

const PRESENT = 1n;

interface Mapping {
  readonly slots: readonly number[];
  readonly frame: number;
  readonly flags: bigint;
}

/** Slots from a few, so that tables are shared by neighbours and walks go deep. */
const mapping = fc.record({
  slots: fc.array(fc.constantFrom(0, 1, 2, 3, 255, 256, 510, 511), { minLength: 5, maxLength: 5 }),
  frame: fc.integer({ min: 0, max: 0x7f }),
  flags: fc.constantFrom(1n, 3n, 5n, 7n, 0x61n, 0x63n, 0x67n),
});

const data = fc.record({ frame: fc.integer({ min: 0x40, max: 0x7f }), seed: fc.integer({ min: 0, max: 250 }) });

/** A guest of some twenty frames below 1 MiB, with holes: tables from frame 10 on, data above, of which some is mapped and some absent. */
export const randomGuest = (mode: BuiltMode): fc.Arbitrary<WrittenGuest> =>
  fc
    .tuple(fc.array(mapping, { minLength: 1, maxLength: 12 }), fc.array(data, { maxLength: 8 }), fc.nat(127))
    .map(([mappings, pages, rootAt]) => build(mode, mappings, pages, rootAt));

const BITS: Readonly<Record<BuiltMode, readonly number[]>> = {
  '32-bit': [10, 10],
  pae: [2, 9, 9],
  '4-level': [9, 9, 9, 9],
  '5-level': [9, 9, 9, 9, 9],
};

function build(mode: BuiltMode, mappings: readonly Mapping[], pages: readonly { frame: number; seed: number }[], rootAt: number): WrittenGuest {
  const memory = new SparseMemory();
  const cr3 = 0x10_000 + (mode === 'pae' ? rootAt * 32 : 0);
  const tables = new TableBuilder(memory, mode, { root: cr3, firstFrame: 0x11 });
  for (const { slots, frame, flags } of mappings) {
    const virtual = BITS[mode].reduce((sum, bits, level) => (sum << BigInt(bits)) | BigInt((slots[level] ?? 0) % 2 ** bits), 0n) << 12n;
    tables.map(virtual, BigInt(frame) << 12n, { flags: flags | PRESENT });
  }
  for (const { frame, seed } of pages) memory.write(frame * 4096, patterned(seed));
  return { memory, mode, cr3 };
}

/** Bytes of which no two frames' are alike, and none a page table's. */
const patterned = (seed: number): Uint8Array => Uint8Array.from({ length: 4096 }, (_, at) => (at * 7 + Math.floor(at / 256) + seed * 2) & 0xfe);
