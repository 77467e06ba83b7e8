import { CANONICAL_5, canonicalBorder } from './canonical.ts';
import type { Layout } from './layout.ts';

/** What every 5-level space has, whoever made it. */
const layout: Layout = {
  id: 'halves-57',
  label: 'Two halves, 57 bits',
  modes: ['5-level'],
  fits: () => ({ score: 1, reasons: ['no known layout fits: only the two canonical halves are named'] }),
  spans: [],
  borders: [canonicalBorder(CANONICAL_5)],
  sides: [
    { firstPage: 0, name: 'lower half' },
    { firstPage: CANONICAL_5.firstUpper, name: 'upper half' },
  ],
  rings: 'native',
};
export default layout;
