import { linuxUnder } from './linux-xen.ts';
import xen from './xen-pae.layout.ts';

export default linuxUnder(xen, 'linux-xen-pae-3.0');
