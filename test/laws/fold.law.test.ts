import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type FoldRun, foldEntries } from '#core/atlas/fold.ts';
import { ENTRY_KINDS, type FoldInput } from '#core/atlas/fold-input.ts';

const columns = { kind: Uint8Array, flagClass: Uint32Array, region: Int32Array, frame: Float64Array, target: Int32Array };

/** Tables made of stretches and strides over few values, so that rows of every sort are met, cut short and run into each other. */
const piece = fc.record({
  length: fc.integer({ min: 1, max: 40 }),
  period: fc.integer({ min: 1, max: 6 }),
  on: fc.nat(7),
  off: fc.constantFrom(1, 4, 4, 4, 6, 7),
  flags: fc.nat(1),
  frame: fc.nat(3),
  delta: fc.constantFrom(0, 0, 1, 5),
});

const input = fc
  .record({ entries: fc.constantFrom(4, 512, 1024), lowest: fc.boolean(), pieces: fc.array(piece, { minLength: 1, maxLength: 120 }) })
  .map(({ entries, lowest, pieces }): FoldInput => {
    const table = {
      kind: new columns.kind(entries).fill(4),
      flagClass: new columns.flagClass(entries),
      region: new columns.region(entries),
      frame: new columns.frame(entries),
      target: new columns.target(entries),
    };
    let slot = 0;
    for (const { length, period, on, off, flags, frame, delta } of pieces) {
      for (let i = 0; i < length && slot < entries; i++, slot++) {
        table.kind[slot] = i % period === 0 ? on : off;
        table.flagClass[slot] = flags;
        table.region[slot] = Number(frame === 3);
        table.frame[slot] = frame * 100 + i * delta;
        table.target[slot] = table.frame[slot] ?? 0;
      }
    }
    return { ...table, entries, lowest, framesPerLeaf: lowest ? 1 : 512, tablesAlike: (a, b) => a % 5 === b % 5 };
  });

const selected = fc.integer({ min: -1, max: 1023 });

/** Slots of a row; one that lies between others' slots has those that no other row has. */
function slotsOf(run: FoldRun, runs: readonly FoldRun[]): number[] {
  const others = new Set(run.between ? runs.filter((other) => other !== run && !other.between).flatMap((other) => slotsOf(other, runs)) : []);
  const slots: number[] = [];
  for (let slot = run.firstSlot; slot <= run.lastSlot; slot += run.step) if (!others.has(slot)) slots.push(slot);
  return slots;
}

function timesShown(table: FoldInput, runs: readonly FoldRun[]): Uint8Array {
  const seen = new Uint8Array(table.entries);
  for (const run of runs) for (const slot of slotsOf(run, runs)) seen[slot] = (seen[slot] ?? 0) + 1;
  return seen;
}

/** True where fewer than four zero entries of a PT stand together around a slot. */
function isInShortHole(table: FoldInput, slot: number): boolean {
  let [from, to] = [slot, slot];
  while (from > 0 && isHole(table, from - 1)) from--;
  while (to + 1 < table.entries && isHole(table, to + 1)) to++;
  return table.lowest && to - from + 1 < 4 && table.kind.subarray(from, to + 1).every((kind) => kind === 4);
}

/** What all entries of one row share. */
function likeness(table: FoldInput, slot: number): string {
  const kind = table.kind[slot] ?? -1;
  if (isHole(table, slot)) return 'hole';
  if (ENTRY_KINDS[kind] === 'entry-absent') return 'absent';
  return `${kind} ${table.flagClass[slot]} ${kind === 0 ? '' : table.region[slot]}`;
}

/** By how much each frame of an evenly spaced row lies above the one before. */
function deltas(table: FoldInput, run: FoldRun): number[] {
  const found: number[] = [];
  for (let at = run.firstSlot + run.step; at <= run.lastSlot; at += run.step) found.push((table.frame[at] ?? 0) - (table.frame[at - run.step] ?? 0));
  return found;
}

const isHole = (table: FoldInput, slot: number): boolean => [4, 6].includes(table.kind[slot] ?? -1);

describe('the law of folding', () => {
  it('puts every slot in exactly one row, save short zero holes of a PT', () => {
    fc.assert(
      fc.property(input, selected, (table, slot) => {
        const runs = foldEntries(table, { selected: slot });
        const seen = timesShown(table, runs);
        expect(Math.max(...seen)).toBe(1);
        for (let at = 0; at < table.entries; at++) if (seen[at] === 0) expect(isInShortHole(table, at)).toBe(true);
      }),
    );
  });

  it('counts its slots, and holds only entries alike in kind, flags and region', () => {
    fc.assert(
      fc.property(input, selected, (table, slot) => {
        const runs = foldEntries(table, { selected: slot });
        for (const run of runs) {
          const slots = slotsOf(run, runs);
          expect(run.count).toBe(slots.length);
          expect(run.elided).toBe(slots.filter((at) => table.kind[at] === 6).length);
          expect(new Set(slots.map((at) => likeness(table, at))).size).toBe(1);
          expect(ENTRY_KINDS[run.elided > 0 ? 6 : (table.kind[run.firstSlot] ?? -1)]).toBe(run.kind);
        }
      }),
    );
  });

  it('shows the selected slot alone, unless its row is one table', () => {
    fc.assert(
      fc.property(input, selected, (table, slot) => {
        fc.pre(slot >= 0 && slot < table.entries);
        const runs = foldEntries(table, { selected: slot });
        const own = runs.filter((run) => slotsOf(run, runs).includes(slot));
        expect(own).toHaveLength(1);
        expect(own[0]?.count === 1 || (own[0]?.kind === 'table' && own[0].order === 'same')).toBe(true);
      }),
    );
  });

  it('says "in order", "same" and "single" only where frames are so', () => {
    fc.assert(
      fc.property(input, (table) => {
        for (const run of foldEntries(table)) {
          expect(run.order === 'single').toBe(run.count === 1);
          if (run.order === 'in order') expect(deltas(table, run).every((delta) => delta > 0)).toBe(true);
        }
      }),
    );
  });

  it('ascends by first slot, a row between following its stride', () => {
    fc.assert(
      fc.property(input, selected, (table, slot) => {
        const firsts = foldEntries(table, { selected: slot })
          .filter((run) => !run.between)
          .map((run) => run.firstSlot);
        expect(firsts).toEqual([...firsts].sort((a, b) => a - b));
      }),
    );
  });
});
