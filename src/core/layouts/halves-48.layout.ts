import { CANONICAL_4, canonicalBorder } from './canonical.ts';
import type { Layout } from './layout.ts';

/** What every 4-level space has, whoever made it. */
const layout: Layout = {
  id: 'halves-48',
  label: 'Two halves, 48 bits',
  modes: ['4-level'],
  fits: () => ({ score: 1, reasons: ['no known layout fits: only the two canonical halves are named'] }),
  spans: [],
  borders: [canonicalBorder(CANONICAL_4)],
  sides: [
    { firstPage: 0, name: 'lower half' },
    { firstPage: CANONICAL_4.firstUpper, name: 'upper half' },
  ],
  rings: 'native',
};
export default layout;
