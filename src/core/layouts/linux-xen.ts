import { hex } from '#core/base/hex.ts';
import { presentEntry } from './evidence.ts';
import type { Layout, LayoutEvidence } from './layout.ts';

/** HYPERVISOR_VIRT_START less two pages: FIXADDR_TOP of Linux i386 under Xen (pgtable-xen.c, setup_arch_post.h; reference 7.1). */
const FIXADDR_TOP = 0xf57fe;
/** Slot of PD[3] whose page table holds the fixmap. */
const TOP_TABLE = 427;
/** Its last two slots stay free, the ones below are taken from the top down. */
const FREE = [510, 511] as const;
const TAKEN_FROM = 448;
const FIXMAP_FIRST = 0xf5600;

/** The highest page below Xen that is mapped is within the fixmap, and the two above it are not. */
function fixmap(evidence: LayoutEvidence): string | undefined {
  const table = presentEntry(evidence, [3], TOP_TABLE);
  if (!table || table.large || FREE.some((slot) => presentEntry(evidence, [3, TOP_TABLE], slot))) return undefined;
  let count = 0;
  for (let slot = TAKEN_FROM; slot < FREE[0]; slot++) if (presentEntry(evidence, [3, TOP_TABLE], slot)) count++;
  if (count === 0) return undefined;
  return `${count} ${count === 1 ? 'page is' : 'pages are'} mapped right below ${hex(FIXADDR_TOP).toUpperCase()}000 and the two pages up to F5800000 are free: FIXADDR_TOP of a Linux under Xen`;
}

/** BSDs map their own page directories below C0000000; Linux has no self-map. */
function selfMapped(evidence: LayoutEvidence): boolean {
  const directories = [0, 1, 2].map((slot) => evidence.frameOf([slot]));
  return [508, 509, 510].some((slot, i) => directories[i] !== undefined && presentEntry(evidence, [2], slot)?.frame === directories[i]);
}

/** A Linux i386 PAE kernel in the guest's part of a Xen whose own layout is `xen`. */
export function linuxUnder(xen: Layout, id: string): Layout {
  return {
    ...xen,
    id,
    baseId: xen.id,
    label: `Linux i386 under ${xen.label}`,
    fits(evidence) {
      const beneath = xen.fits(evidence);
      const own = beneath.score > 1 && !selfMapped(evidence) ? fixmap(evidence) : undefined;
      return own ? { score: beneath.score + 5, reasons: [...beneath.reasons, own] } : { score: 0, reasons: [] };
    },
    spans: [
      {
        firstPage: FIXMAP_FIRST,
        pageCount: FIXADDR_TOP - FIXMAP_FIRST,
        name: 'Fixmap',
        shortName: 'Fixmap',
        source: 'Linux 2.6 arch/i386/mm/pgtable-xen.c: grows down from FIXADDR_TOP, two pages below HYPERVISOR_VIRT_START',
        side: 'guest',
      },
      ...xen.spans,
    ],
  };
}
