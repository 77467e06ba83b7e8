import fc from 'fast-check';
import { bytesSource } from '#core/memory/byte-source.ts';
import { createExtentImage } from '#core/memory/extent-image.ts';
import type { MemoryImage } from '#core/memory/memory-image.ts';
import type { PagingModeId } from '#core/paging/mode.ts';
import { pagingMode } from '#core/paging/modes.ts';
import type { Memory } from './manual.ts';

/** A small hostile machine: a few frames full of random entries that name each other, themselves, memory, or nothing. */
export interface RandomMachine {
  readonly mode: PagingModeId;
  readonly root: number;
  readonly frames: ReadonlyMap<number, Uint8Array>;
  readonly image: MemoryImage;
  readonly memory: Memory;
  /** Slots that were given an entry somewhere: addresses made of these reach deep. */
  readonly slots: readonly number[];
}

/** Frame 0, ordinary ones, one at the top of 4 GiB, and above. */
const WIDE_FRAMES = [0, 1, 2, 7, 0x100, 0xfffff, 0x10_0000, 0x23_4567, 0xff_ffff_ff];
const NARROW_FRAMES = [0, 1, 2, 7, 0x100, 0x3ff, 0xffff];
const FAVOURITE_SLOTS = [0, 1, 2, 3, 256, 495, 510, 511];

interface Choice {
  readonly frame: number;
  readonly slot: number;
  readonly target: number;
  readonly flags: number;
  readonly high: number;
  readonly kind: 'table' | 'leaf' | 'junk';
}

function entryOf(choice: Choice, frames: readonly number[], wide: boolean): bigint {
  const target = choice.kind === 'table' ? (frames[choice.target % frames.length] ?? 0) : choice.target * (choice.kind === 'leaf' ? 0x201 : 0x3000);
  const present = choice.kind === 'junk' ? 0n : 1n;
  const size = choice.kind === 'leaf' ? 0x80n : 0n;
  const low = (BigInt(choice.flags) & 0xf7en) | present | size;
  const value = (BigInt(target) << 12n) | low | (wide ? BigInt(choice.high) << 52n : 0n);
  return value & (wide ? (1n << 64n) - 1n : 0xffff_ffffn);
}

const choices = fc.array(
  fc.record({
    frame: fc.nat(20),
    slot: fc.oneof({ weight: 5, arbitrary: fc.constantFrom(...FAVOURITE_SLOTS) }, { weight: 2, arbitrary: fc.nat(1023) }),
    target: fc.oneof(fc.nat(20), fc.nat(0xfffff)),
    flags: fc.nat(0xfff),
    // Bits 63:52: mostly none, XD alone, or anything, reserved bits included.
    high: fc.oneof(fc.constant(0), fc.constant(0x800), fc.nat(0xfff)),
    kind: fc.constantFrom('table' as const, 'table' as const, 'table' as const, 'leaf' as const, 'junk' as const),
  }),
  { minLength: 4, maxLength: 80 },
);

function build(mode: PagingModeId, list: readonly Choice[], rootAt: number, missing: number): RandomMachine {
  const { entryBytes, rootAlignment } = pagingMode(mode);
  const wide = entryBytes === 8;
  const all = wide ? WIDE_FRAMES : NARROW_FRAMES;
  const frames = new Map(all.map((frame) => [frame, new Uint8Array(4096)]));
  for (const choice of list) {
    const bytes = frames.get(all[choice.frame % all.length] ?? 0);
    const view = bytes && new DataView(bytes.buffer);
    const at = (choice.slot % (4096 / entryBytes)) * entryBytes;
    const entry = entryOf(choice, all, wide);
    if (wide) view?.setBigUint64(at, entry, true);
    else view?.setUint32(at, Number(entry), true);
  }
  // The root lies in frame 7; in PAE at any multiple of 32 bytes.
  const root = 7 * 4096 + (rootAlignment === 32 ? (rootAt % 128) * 32 : 0);
  const absent = all[missing % (all.length * 2)];
  if (absent !== undefined && absent !== 7) frames.delete(absent);
  return { mode, root, frames, ...imageOf(frames), slots: [...FAVOURITE_SLOTS, ...list.map(({ slot }) => slot)] };
}

function imageOf(frames: ReadonlyMap<number, Uint8Array>): Pick<RandomMachine, 'image' | 'memory'> {
  const file = new Uint8Array(frames.size * 4096);
  const extents = [...frames].map(([frame, bytes], i) => {
    file.set(bytes, i * 4096);
    return { start: frame * 4096, length: 4096, fileOffset: i * 4096 };
  });
  const memory: Memory = {
    read(address, bytes) {
      const frame = frames.get(Number(address >> 12n));
      if (!frame) return undefined;
      const view = new DataView(frame.buffer);
      const at = Number(address & 0xfffn);
      return bytes === 8 ? view.getBigUint64(at, true) : BigInt(view.getUint32(at, true));
    },
  };
  return { image: createExtentImage({ source: bytesSource(file), extents }), memory };
}

export const randomMachine = (mode: PagingModeId): fc.Arbitrary<RandomMachine> =>
  fc.tuple(choices, fc.nat(127), fc.nat(40)).map(([list, rootAt, missing]) => build(mode, list, rootAt, missing));

/** A page whose slots were drawn from those in use, so that walks go deep. */
export function pageFrom(machine: RandomMachine, picks: readonly number[]): number {
  const { levels } = pagingMode(machine.mode);
  return levels.reduce((page, level, i) => {
    const slot = machine.slots[(picks[i] ?? 0) % machine.slots.length] ?? 0;
    return page + (slot % 2 ** level.indexBits) * level.pagesPerEntry;
  }, 0);
}
