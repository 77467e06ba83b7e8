import { hex } from '#core/base/hex.ts';
import { presentEntry } from './evidence.ts';
import type { Layout, LayoutEvidence } from './layout.ts';
import { MB, windows } from './spans.ts';

/** PTDPTDI 1532–1535 of the four directories taken as one: slots 508–511 of PD[2] (reference 5.4, 7.2). */
const FIRST_SELF = 508;

function selfMap(evidence: LayoutEvidence): string | undefined {
  const directories = [0, 1, 2, 3].map((slot) => evidence.frameOf([slot]));
  const names = directories.map((_, i) => presentEntry(evidence, [2], FIRST_SELF + i));
  const holds = directories.every((frame, i) => frame !== undefined && names[i]?.frame === frame && !names[i]?.large);
  return holds
    ? `slots 508–511 of PD[2] name the four PDs (${directories.map((frame) => hex(frame ?? 0)).join(', ')}): PTmap at BF800000, as FreeBSD has it`
    : undefined;
}

const layout: Layout = {
  id: 'freebsd-i386-pae',
  label: 'FreeBSD up to 11, i386 PAE',
  modes: ['pae'],
  fits(evidence) {
    const self = selfMap(evidence);
    return self ? { score: 50, reasons: [self] } : { score: 0, reasons: [] };
  },
  spans: windows('FreeBSD sys/i386/include/pmap.h, vmparam.h', 'user', false, [
    [0xbf800, 8 * MB, 'Linear page table', 'PTmap', { role: 'linear-page-table', note: 'PTmap; the directories themselves are seen at BFDFC000' }],
  ]),
  borders: [{ page: 0xc0000, label: 'kernel and user', kind: 'owner' }],
  sides: [
    { firstPage: 0, name: 'user' },
    { firstPage: 0xc0000, name: 'kernel' },
  ],
  rings: 'native',
};
export default layout;
