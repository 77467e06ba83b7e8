import { commas } from '#core/base/hex.ts';

/** Addresses whose upper bits do not copy the highest translated one are no addresses (SDM 1, 3.3.7.1). */
export interface Canonical {
  /** First page of the upper half, unsigned. */
  readonly firstUpper: number;
  /** Terabytes of the 2^64 bytes that are no address. */
  readonly holeTerabytes: number;
}

const ALL_TERABYTES = 2 ** 24;

export const CANONICAL_4: Canonical = { firstUpper: 2 ** 35, holeTerabytes: ALL_TERABYTES - 2 ** 8 };
export const CANONICAL_5: Canonical = { firstUpper: 2 ** 44, holeTerabytes: ALL_TERABYTES - 2 ** 17 };

export const canonicalBorder = ({ firstUpper, holeTerabytes }: Canonical) =>
  ({ page: firstUpper, label: `no address: ${commas(holeTerabytes)} TB, not canonical`, kind: 'canonical' }) as const;
