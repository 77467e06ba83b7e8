import { CR4_LA57, CR4_PAE, EFER_LMA, has } from '#core/paging/control-registers.ts';
import type { PagingMode } from '#core/paging/mode.ts';
import { pagingMode } from '#core/paging/modes.ts';
import type { PrintedRegisters, TextReading } from './reading.ts';

/** Pages of a 32-bit space. */
const NARROW = 2 ** 20;
/** Page numbers of the canonical high half with 48 bits. */
const CANONICAL_48 = 2 ** 52 - 2 ** 35;

/** The mode that a CPU's printed registers tell; what they leave open is told by the addresses and words of the rows. */
export function modeOfRegisters({ cr4, efer }: PrintedRegisters, reading: TextReading): PagingMode {
  if (cr4 === undefined) return modeOfRows(reading);
  if (!has(cr4, CR4_PAE)) return pagingMode('32-bit');
  const long = efer === undefined ? isWide(reading) : has(efer, EFER_LMA);
  if (!long) return pagingMode('pae');
  return pagingMode(has(cr4, CR4_LA57) ? '5-level' : '4-level');
}

/** The mode by the rows alone: addresses above 4 GB are long mode; words of 8 bytes are PAE entries, of 4 bytes 32-bit ones. */
export function modeOfRows(reading: TextReading): PagingMode {
  if (isWide(reading)) return pagingMode(reading.rows.some(isBeyond48) ? '5-level' : '4-level');
  const { bytes4, bytes8 } = reading.printed.wordWidths();
  return pagingMode(bytes4 > bytes8 ? '32-bit' : 'pae');
}

const isWide = (reading: TextReading): boolean => reading.rows.some(({ space, page }) => space === 'virtual' && page >= NARROW);

const isBeyond48 = ({ space, page }: { readonly space: string; readonly page: number }): boolean =>
  space === 'virtual' && page >= 2 ** 35 && page < CANONICAL_48;
