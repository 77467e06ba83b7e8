import { xenPae } from './xen-pae.ts';

/** The releases of the comment table with "PAE-SIZE": commit e0d7fab70f to 3.0.4 (reference, version hint). */
export default xenPae({
  id: 'xen-pae',
  releases: '3.0.2–3.0.4',
  perDomain: 'PERDOMAIN: GDT and LDT of each VCPU, then the cache of map_domain_page',
});
