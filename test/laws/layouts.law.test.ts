import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chooseLayout, layouts, layoutsFor } from '#core/layouts/index.ts';
import type { Layout, LayoutEvidence } from '#core/layouts/layout.ts';
import { pagingMode, pagingModes } from '#core/paging/modes.ts';

const smallestSpace = (layout: Layout): number => Math.min(...layout.modes.map((mode) => pagingMode(mode).pageCount));

describe.each(layouts.map((layout) => [layout.id, layout] as const))('layout %s', (_, layout) => {
  it('has spans low to high, disjoint, inside its modes, each with a source', () => {
    let end = 0;
    for (const span of layout.spans) {
      expect(span.firstPage).toBeGreaterThanOrEqual(end);
      expect(span.pageCount).toBeGreaterThan(0);
      expect(span.source).not.toBe('');
      end = span.firstPage + span.pageCount;
    }
    expect(end).toBeLessThanOrEqual(smallestSpace(layout));
  });

  it('has borders and sides low to high inside its modes, the first side at page 0', () => {
    const borders = layout.borders.map(({ page }) => page);
    const sides = (layout.sides ?? []).map(({ firstPage }) => firstPage);
    for (const pages of [borders, sides]) {
      expect(pages).toEqual([...new Set(pages)].sort((a, b) => a - b));
      for (const page of pages) expect(page).toBeLessThan(smallestSpace(layout));
    }
    if (layout.sides) expect(sides[0]).toBe(0);
    expect(borders).not.toContain(0);
  });

  it('has a span on one side only, the side it names', () => {
    for (const span of layout.spans) {
      const at = (page: number) => layout.sides?.findLast((side) => side.firstPage <= page)?.name;
      expect([at(span.firstPage), at(span.firstPage + span.pageCount - 1)]).toEqual([span.side, span.side]);
    }
  });

  it('judges any tables without a throw, and gives reasons where it fits', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(), { minLength: 1, maxLength: 40 }), fc.boolean(), (words, known) => {
        const word = (n: number) => (words[n % words.length] ?? 0) >>> 0;
        const evidence: LayoutEvidence = {
          mode: layout.modes[0] ?? 'pae',
          isTextDump: false,
          entry: (path, slot) => (known ? { low: word(slot + path.length), high: word(slot * 3) % 16 } : undefined),
          frameOf: (path) => (known ? word(path.length) % 2 ** 20 : undefined),
        };
        const fit = layout.fits(evidence);
        if (fit.score > 0) expect(fit.reasons.length).toBeGreaterThan(0);
      }),
      { numRuns: 60 },
    );
  });
});

it.each(pagingModes.map(({ id }) => id))('%s has a layout even where nothing is known', (mode) => {
  const evidence: LayoutEvidence = { mode, isTextDump: false, entry: () => undefined, frameOf: () => undefined };
  const { choice } = chooseLayout(evidence, mode);
  expect(choice.automatic).toBe(true);
  const other = layoutsFor(mode).find((layout) => layout.id !== choice.id);
  if (other) expect(chooseLayout(evidence, mode, other.id).choice).toMatchObject({ id: other.id, automatic: false });
});
