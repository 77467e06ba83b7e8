import { invariant } from '#core/base/invariant.ts';
import type { PagingModeId } from '#core/paging/mode.ts';
import type { LayoutChoice } from '#core/session/contract.ts';
import type { Layout, LayoutEvidence } from './layout.ts';

/** Every layout, by id: adding one is adding a file `NAME.layout.ts` here. */
export const layouts: readonly Layout[] = Object.values(import.meta.glob<Layout>('./*.layout.ts', { eager: true, import: 'default' })).sort((a, b) =>
  a.id < b.id ? -1 : 1,
);

export interface ChosenLayout {
  readonly layout: Layout;
  readonly choice: LayoutChoice;
  /** Every layout of the mode, with what speaks for or against it. */
  readonly all: readonly { readonly id: string; readonly label: string; readonly reasons: readonly string[] }[];
}

/** Layouts that speak of a mode, for the picker. */
export const layoutsFor = (mode: PagingModeId): readonly Layout[] => layouts.filter((layout) => layout.modes.includes(mode));

/**
 * The layout that fits best: the highest score, ties by id. `wanted` overrides it where that layout speaks of the mode at all; then the
 * reasons say how well it fits by itself.
 */
export function chooseLayout(evidence: LayoutEvidence, mode: PagingModeId, wanted?: string): ChosenLayout {
  const fits = layoutsFor(mode).map((layout) => ({ layout, ...layout.fits(evidence) }));
  const byHand = fits.find((fit) => fit.layout.id === wanted);
  const best = byHand ?? fits.filter((fit) => fit.score > 0).sort((a, b) => b.score - a.score)[0];
  invariant(best, `a layout fits ${mode}`);
  const { layout, reasons } = best;
  const all = fits.map((fit) => ({ id: fit.layout.id, label: fit.layout.label, reasons: fit.reasons }));
  return {
    layout,
    choice: {
      id: layout.id,
      ...(layout.baseId && { baseId: layout.baseId }),
      label: layout.label,
      isXens: layout.rings !== 'native',
      reasons,
      automatic: byHand === undefined,
    },
    all,
  };
}
