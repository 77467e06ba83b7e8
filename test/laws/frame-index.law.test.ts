import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Atlas } from '#core/atlas/build-atlas.ts';
import { buildFrameIndex, eachRowOfFrame } from '#core/atlas/frame-index.ts';
import { isMapped } from '#core/atlas/run-attrs.ts';
import { KIND_ABSENT, KIND_NOT_ZERO, KIND_READ_ONLY, KIND_WRITABLE, pagesOf, RunBuilder, type RunColumns } from '#core/atlas/run-columns.ts';

/** A run with the gap before it; frames meet often, lie around 2^32, and reach 2^40 (SDM 3A 4.4.2: M at most 52). */
const made = fc.array(
  fc.record({
    gap: fc.constantFrom(0, 0, 1, 1000, 2 ** 33),
    pages: fc.constantFrom(1, 1, 1, 2, 3, 4, 5, 511, 512, 2 ** 18, 2 ** 31 + 1, 2 ** 32),
    frame: fc.oneof(fc.integer({ min: 0, max: 20 }), fc.integer({ min: 2 ** 32 - 9, max: 2 ** 32 + 9 }), fc.integer({ min: 0, max: 2 ** 40 - 1 })),
    kind: fc.constantFrom(KIND_WRITABLE, KIND_WRITABLE, KIND_READ_ONLY, KIND_ABSENT, KIND_NOT_ZERO),
  }),
  { maxLength: 60 },
);

function columnsOf(list: readonly { gap: number; pages: number; frame: number; kind: number }[]): RunColumns {
  const runs = new RunBuilder(2 ** 45, 0);
  for (const { gap, pages, frame, kind } of list) {
    const page = runs.nextPage + gap;
    runs.add(page, pages, kind === KIND_ABSENT || kind === KIND_NOT_ZERO ? 0 : frame, kind);
  }
  return runs.freeze();
}

/** Every row, looked at one by one. */
function plainly(runs: RunColumns, frame: number): string[] {
  const found: string[] = [];
  for (let row = 0; row < runs.count; row++) {
    const offset = frame - (runs.firstFrame[row] ?? 0);
    if (isMapped(runs.attrs[row] ?? 0) && offset >= 0 && offset < pagesOf(runs, row)) found.push(`${row} ${(runs.firstPage[row] ?? 0) + offset}`);
  }
  return found.sort();
}

describe('who maps a frame', () => {
  it('is what looking at every run tells, each once', () => {
    fc.assert(
      fc.property(made, fc.nat(), (list, pick) => {
        const runs = columnsOf(list);
        const atlas = { runs } as Atlas;
        const index = buildFrameIndex(atlas);
        const asked = list.flatMap(({ frame, pages }) => [frame - 1, frame, frame + (pick % pages), frame + pages - 1, frame + pages]);
        for (const frame of [0, ...asked.filter((value) => value >= 0)]) {
          const found: string[] = [];
          eachRowOfFrame(atlas, index, frame, (row, page) => {
            found.push(`${row} ${page}`);
            return true;
          });
          expect(found.sort()).toEqual(plainly(runs, frame));
        }
      }),
      { numRuns: 300 },
    );
  });

  it('stops when the visitor has seen enough', () => {
    const runs = columnsOf([1, 2, 3].map(() => ({ gap: 1, pages: 2, frame: 7, kind: KIND_WRITABLE })));
    let seen = 0;
    eachRowOfFrame({ runs } as Atlas, buildFrameIndex({ runs } as Atlas), 8, () => ++seen < 2);
    expect(seen).toBe(2);
  });
});
