import { countEntries } from './evidence.ts';
import type { LayoutEvidence } from './layout.ts';
import { xenPae } from './xen-pae.ts';

/** A guest’s read-only entry that names one of its own four PDs: refused up to 3.0.4, taken since commit of 2007-03-12 (reference 5.3). */
function guestLoop(evidence: LayoutEvidence): string | undefined {
  const directories = [0, 1, 2, 3].map((slot) => evidence.frameOf([slot]));
  for (const pdpt of [0, 1, 2, 3]) {
    const last = pdpt === 3 ? 427 : 511;
    const loops = countEntries(evidence, [pdpt], 0, last, (entry) => !entry.large && !entry.writable && directories.includes(entry.frame));
    if (loops > 0)
      return `${loops} read-only ${loops === 1 ? 'entry' : 'entries'} of PD[${pdpt}] below F5800000 name the guest’s own PDs, which Xen takes from 3.1 on`;
  }
  return undefined;
}

export default xenPae({
  id: 'xen-pae-3.1',
  releases: '3.1–4.2',
  perDomain: 'PERDOMAIN: GDT and LDT of each VCPU, then the cache of map_domain_page',
  mark: guestLoop,
});
