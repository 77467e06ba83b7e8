import { linuxUnder } from './linux-xen.ts';
import xen from './xen-compat.layout.ts';

export default linuxUnder(xen, 'linux-xen-compat');
