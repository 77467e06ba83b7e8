import fc from 'fast-check';
import { expect, it } from 'vitest';
import { regionsOf } from '#core/atlas/regions.ts';
import { layouts } from '#core/layouts/index.ts';
import { type MadeRun, madeRuns } from '../support/made-runs.ts';

const KINDS = ['writable', 'read-only', 'loop', 'absent', 'not-zero', 'elided'] as const;
const RIGHTS = {
  writable: ['rw-', 'rwxu'],
  'read-only': ['r--', 'r-xu'],
  loop: ['rw-', 'r--'],
  absent: ['rwx'],
  'not-zero': ['r--'],
  elided: ['r--'],
} as const;

/** Runs in a 32-bit space: gaps and lengths of all sizes, any kind and rights. */
const runs = fc
  .array(
    fc.record({
      gap: fc.nat(3000),
      pages: fc.integer({ min: 1, max: 1500 }),
      kind: fc.constantFrom(...KINDS),
      right: fc.nat(1),
      frame: fc.nat(5000),
    }),
    { maxLength: 120 },
  )
  .map((parts) => {
    const made: MadeRun[] = [];
    let page = 0;
    for (const { gap, pages, kind, right, frame } of parts) {
      page += gap;
      if (page + pages > 2 ** 20) break;
      made.push({ page, pages, kind, rights: RIGHTS[kind][right] ?? RIGHTS[kind][0], frame });
      page += pages;
    }
    return made;
  });

it('regions are ordered, disjoint, few, and together hold every mapped page exactly once', () => {
  const layout = fc.constantFrom(...layouts.filter((one) => one.modes.includes('pae')));
  fc.assert(
    fc.property(runs, layout, (made, one) => {
      const source = madeRuns(made);
      const { regions, borders } = regionsOf(source, one);
      let end = 0;
      for (const region of regions) {
        expect(region.firstPage).toBeGreaterThanOrEqual(end);
        end = region.firstPage + region.pageCount;
      }
      expect(end).toBeLessThanOrEqual(2 ** 20);
      expect(regions.length).toBeLessThanOrEqual(400);
      const whole = source.counts(0, 2 ** 20);
      const present = whole.writable + whole['read-only'] + whole.loop;
      expect(regions.reduce((sum, region) => sum + region.mappedPages, 0)).toBe(present);
      expect(borders.map(({ page }) => page)).toEqual(borders.map(({ page }) => page).sort((a, b) => a - b));
    }),
    { numRuns: 150 },
  );
});
