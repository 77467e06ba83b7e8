import { hex } from '#core/base/hex.ts';
import { CANONICAL_4, canonicalBorder } from './canonical.ts';
import { presentEntry } from './evidence.ts';
import type { Layout, LayoutEvidence } from './layout.ts';
import { MB, pageOf, windows } from './spans.ts';

/** Slots that others keep their self-map at, and Windows before 1607: FreeBSD, Xen, Windows. */
const OF_OTHERS: readonly number[] = [256, 258, 0x1ed];

/** From Windows 10 1607 on the PML4’s own slot is drawn at boot, 100 to 1fe (hex); there is exactly one (reference 5.4, 8). */
function selfMap(evidence: LayoutEvidence): string | undefined {
  const own = evidence.frameOf([]);
  if (own === undefined) return undefined;
  const slots = Array.from({ length: 255 }, (_, i) => 256 + i).filter((slot) => presentEntry(evidence, [], slot)?.frame === own);
  const [slot] = slots;
  if (slot === undefined || slots.length !== 1 || OF_OTHERS.includes(slot) || !presentEntry(evidence, [], 0x1ef)) return undefined;
  return `PML4 slot ${slot} alone names the PML4’s own frame ${hex(own)}, and slot 495 (shared user data) is present: as Windows 10 1607 and later have it`;
}

const layout: Layout = {
  id: 'windows-10-x64',
  label: 'Windows x64 from 10 1607 on',
  modes: ['4-level'],
  fits(evidence) {
    const self = selfMap(evidence);
    return self ? { score: 45, reasons: [self] } : { score: 0, reasons: [] };
  },
  // All else is placed at boot; the self-map is found, and named, by the tables themselves.
  spans: windows('Windows 10, codemachine.com “x64 kernel virtual address space”', 'kernel half', false, [
    [pageOf(0xf780_0000_0000), 1, 'Shared user data', 'Shared', { note: 'KUSER_SHARED_DATA' }],
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
