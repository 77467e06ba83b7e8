import type { LayoutSpan } from './layout.ts';
import { MB, windows } from './spans.ts';

const M2P = { role: 'm2p', bytesPerFrame: 4 } as const;

/** Windows of a 32-bit Xen, with pages of each as the table in its config.h gives them: SIZE and PAE-SIZE (reference 1.1, 1.2). */
const WINDOWS = {
  readOnlyM2p: { name: 'M2P, read-only', shortName: 'M2P r', plain: 4 * MB, pae: 16 * MB, ...M2P },
  frameTable: { name: 'Frame table', shortName: 'Frames', plain: 24 * MB, pae: 96 * MB, role: 'frame-table', bytesPerFrame: 24 },
  writableM2p: { name: 'M2P, writable', shortName: 'M2P w', plain: 4 * MB, pae: 16 * MB, ...M2P },
  linearTable: { name: 'Linear page table', shortName: 'Linear PT', plain: 4 * MB, pae: 8 * MB, role: 'linear-page-table' },
  shadowTable: { name: 'Shadow linear table', shortName: 'Shadow PT', plain: 4 * MB, pae: 8 * MB, role: 'shadow-linear' },
  perDomain: { name: 'Per-domain', shortName: 'Per-domain', plain: 8 * MB, pae: 8 * MB },
  directMap: { name: 'Direct map', shortName: 'Direct map', plain: 12 * MB, pae: 12 * MB, role: 'direct-map' },
  ioRemap: { name: 'I/O remap', shortName: 'I/O remap', plain: 4 * MB, pae: 4 * MB },
} as const;

type Place = readonly [window: keyof typeof WINDOWS, firstPage: number, note: string];

/** The windows of a build where it puts them; how large the other build's would be stands beside each. */
export function xen32Windows(source: string, build: 'plain' | 'pae', places: readonly Place[]): readonly LayoutSpan[] {
  return windows(
    source,
    'Xen',
    true,
    places.map(([window, firstPage, note]) => {
      const { name, shortName, plain, pae, ...more } = WINDOWS[window];
      const [own, otherSize] = build === 'pae' ? [pae, plain] : [plain, pae];
      return [firstPage, own, name, shortName, { otherSize, ...more, note }];
    }),
  );
}
