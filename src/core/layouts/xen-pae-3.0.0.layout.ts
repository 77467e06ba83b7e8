import { xenPae } from './xen-pae.ts';

/** The cache of map_domain_page was one for all domains then (reference 1.1). Nothing in the tables tells it from 3.0.2: it is there to be chosen. */
export default xenPae({
  id: 'xen-pae-3.0.0',
  releases: '3.0.0',
  perDomain: 'PERDOMAIN, 4 MB: GDT and LDT of each VCPU; above it MAPCACHE, 4 MB, the same for all domains',
});
