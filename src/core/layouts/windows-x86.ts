import type { Layout, LayoutEvidence } from './layout.ts';
import { MB, windows } from './spans.ts';

const SOURCE = 'ReactOS ntoskrnl/include/internal/i386/mm.h';

/** A 32-bit Windows, by its self-map alone. From Vista on most regions are placed at boot, so only what stays in place is named. */
export function windowsX86(
  id: string,
  label: string,
  mode: 'pae' | '32-bit',
  tableMegabytes: 4 | 8,
  selfMap: (evidence: LayoutEvidence) => string | undefined,
): Layout {
  return {
    id,
    label,
    modes: [mode],
    fits(evidence) {
      const self = selfMap(evidence);
      return self ? { score: 50, reasons: [self] } : { score: 0, reasons: [] };
    },
    spans: windows(SOURCE, 'kernel', false, [
      [
        0xc0000,
        tableMegabytes * MB,
        'Linear page table',
        'PTE_BASE',
        { role: 'linear-page-table', note: 'PTE_BASE: the page tables seen as memory' },
      ],
      [0xc0000 + tableMegabytes * MB, 4 * MB, 'Hyperspace', 'Hyperspace', { note: 'of the process: working set list and temporary mappings' }],
      [0xffc00, 4 * MB, 'HAL', 'HAL', { note: 'HAL: devices, and the KPCR of the first CPU at FFDFF000' }],
    ]),
    borders: [{ page: 0x80000, label: 'kernel and user', kind: 'owner' }],
    sides: [
      { firstPage: 0, name: 'user' },
      { firstPage: 0x80000, name: 'kernel' },
    ],
    rings: 'native',
  };
}
