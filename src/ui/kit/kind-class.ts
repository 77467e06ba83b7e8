import type { CoverageColumn } from '#core/session/contract.ts';

/** Class of `base.css` that paints each kind of page in its hue and pattern: the same mark in map, tree, hex, passport and legend. */
export const KIND_CLASS: Readonly<Record<CoverageColumn, string>> = {
  writable: 'k-rw',
  'read-only': 'k-ro',
  loop: 'k-table',
  absent: 'k-absent',
  'not-zero': 'k-not-zero',
  elided: 'k-elided',
  zero: 'k-zero',
  user: 'k-user',
  fetch: 'k-fetch',
};
