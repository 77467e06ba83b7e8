import { hex } from '#core/base/hex.ts';
import { CANONICAL_4, canonicalBorder } from './canonical.ts';
import { presentEntry } from './evidence.ts';
import type { Layout, LayoutEvidence } from './layout.ts';
import { GB, MB, PML4_SLOT, pageOf, windows } from './spans.ts';

/** Where the PML4 names itself up to Windows 10 1511 (reference 5.4). */
const SELF = 0x1ed;

function selfMap(evidence: LayoutEvidence): string | undefined {
  const own = evidence.frameOf([]);
  if (own === undefined || presentEntry(evidence, [], SELF)?.frame !== own) return undefined;
  return `PML4 slot ${SELF} names the PML4’s own frame ${hex(own)}: page tables at FFFFF68000000000, as Windows had them up to Windows 10 1511`;
}

const layout: Layout = {
  id: 'windows-7-x64',
  label: 'Windows x64 up to 10 1511',
  modes: ['4-level'],
  fits(evidence) {
    const self = selfMap(evidence);
    return self ? { score: 50, reasons: [self] } : { score: 0, reasons: [] };
  },
  spans: windows('Windows 7 x64, codemachine.com “x64 kernel virtual address space”', 'kernel half', false, [
    [
      SELF * PML4_SLOT,
      PML4_SLOT,
      'Linear page table',
      'PTE_BASE',
      { role: 'linear-page-table', note: 'PTEs; the PML4 itself is seen at FFFFF6FB7DBED000' },
    ],
    [pageOf(0xf700_0000_0000), 512 * GB, 'Hyperspace', 'Hyperspace', { note: 'of the process: working set list and temporary mappings' }],
    [pageOf(0xf780_0000_0000), 1, 'Shared user data', 'Shared', { note: 'KUSER_SHARED_DATA' }],
    [pageOf(0xf800_0000_0000), 512 * GB, 'Loader mappings', 'Loader', { note: 'kernel, HAL and boot drivers' }],
    [pageOf(0xf880_0000_0000), 128 * GB, 'System PTEs', 'Sys PTEs', { note: 'Windows 7; placed at boot from 8.1 on' }],
    [pageOf(0xf8a0_0000_0000), 128 * GB, 'Paged pool', 'Paged', { note: 'Windows 7; placed at boot from 8.1 on' }],
    [pageOf(0xf900_0000_0000), 512 * GB, 'Session', 'Session', { note: 'Windows 7; placed at boot from 8.1 on' }],
    [pageOf(0xfa80_0000_0000), 512 * GB, 'PFN database and nonpaged pool', 'PFN, pool', { note: 'Windows 7; placed at boot from 8.1 on' }],
    [pageOf(0xffff_ffc0_0000), 4 * MB, 'HAL', 'HAL', { note: 'HAL’s own mappings' }],
  ]),
  borders: [canonicalBorder(CANONICAL_4)],
  sides: [
    { firstPage: 0, name: 'user half' },
    { firstPage: CANONICAL_4.firstUpper, name: 'kernel half' },
  ],
  rings: 'native',
};
export default layout;
