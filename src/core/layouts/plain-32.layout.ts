import type { Layout } from './layout.ts';

/** A 32-bit space of which nothing is known. A border is drawn only where the mappings themselves show one (see the atlas' regions). */
const layout: Layout = {
  id: 'plain-32',
  label: 'No layout, 32 bits',
  modes: ['32-bit', 'pae', 'pae-under-xen64'],
  fits: () => ({ score: 1, reasons: ['no known layout fits: regions are named by what is mapped'] }),
  spans: [],
  borders: [],
  rings: 'native',
};
export default layout;
