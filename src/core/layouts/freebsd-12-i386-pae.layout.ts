import { hex } from '#core/base/hex.ts';
import { presentEntry } from './evidence.ts';
import { freebsd12 } from './freebsd-12-i386.ts';
import type { Layout, LayoutEvidence } from './layout.ts';
import { MB } from './spans.ts';

/** PTDPTDI 2042 to 2045 of the four directories taken as one: NTRPPTD is 2, NPGPTD 4 (sys/i386/include/pmap_pae.h). */
const FIRST_SELF = 506;

function selfMap(evidence: LayoutEvidence): string | undefined {
  const directories = [0, 1, 2, 3].map((slot) => evidence.frameOf([slot]));
  const names = directories.map((_, i) => presentEntry(evidence, [3], FIRST_SELF + i));
  const holds = directories.every((frame, i) => frame !== undefined && names[i]?.frame === frame && !names[i]?.large);
  return holds
    ? `slots 506–509 of PD[3] name the four PDs (${directories.map((frame) => hex(frame ?? 0)).join(', ')}): PTmap at FF400000, as FreeBSD has it from 12 on`
    : undefined;
}

const layout: Layout = {
  id: 'freebsd-12-i386-pae',
  label: 'FreeBSD from 12 on, i386 PAE',
  modes: ['pae'],
  fits(evidence) {
    const self = selfMap(evidence);
    return self ? { score: 50, reasons: [self] } : { score: 0, reasons: [] };
  },
  ...freebsd12(0xff400, 8 * MB),
};
export default layout;
