import { hex } from '#core/base/hex.ts';
import { presentEntry } from './evidence.ts';
import { freebsd12 } from './freebsd-12-i386.ts';
import type { Layout, LayoutEvidence } from './layout.ts';
import { MB } from './spans.ts';

/** PTDPTDI and TRPTDI of 1,024 PDEs: NTRPPTD and NPGPTD are 1 (sys/i386/include/pmap_nopae.h). */
const PTDPTDI = 1022;
const TRPTDI = 1023;

function selfMap(evidence: LayoutEvidence): string | undefined {
  const own = evidence.frameOf([]);
  const trampoline = presentEntry(evidence, [], TRPTDI);
  if (own === undefined || presentEntry(evidence, [], PTDPTDI)?.frame !== own || !trampoline || trampoline.frame === own) return undefined;
  return `PDE ${PTDPTDI} names the directory’s own frame ${hex(own)} and PDE ${TRPTDI} holds the trampoline, as FreeBSD has them from 12 on`;
}

const layout: Layout = {
  id: 'freebsd-12-i386',
  label: 'FreeBSD from 12 on, i386',
  modes: ['32-bit'],
  fits(evidence) {
    const self = selfMap(evidence);
    return self ? { score: 50, reasons: [self] } : { score: 0, reasons: [] };
  },
  ...freebsd12(0xff800, 4 * MB),
};
export default layout;
