import { hex } from '#core/base/hex.ts';
import type { PagingMode } from '#core/paging/mode.ts';
import { levelOf } from '#core/paging/modes.ts';
import type { Translation } from '#core/session/contract.ts';

export interface AddressBit {
  readonly bit: number;
  readonly value: '0' | '1';
}

/** A stretch of the address's bits: the index into one level, or what is left below. */
export interface BitGroup {
  readonly high: number;
  readonly low: number;
  /** Highest first. */
  readonly bits: readonly AddressBit[];
  /** "31:30 = " in words, then the number it makes. */
  readonly caption: string;
  readonly value: string;
  /** "(1ac)" or what an offset is of. */
  readonly after: string;
  /** Level it indexes; undefined for the rest. */
  readonly level?: number;
  /** The bit before which 4 KB pages would cut on; undefined where this cut is theirs. */
  readonly tickBit?: number;
}

/** Bits of the whole address, highest first. Pages reach 2^45, exact in a double. */
function bitsOf(translation: Translation, mode: PagingMode): string {
  return translation.address.page.toString(2).padStart(mode.virtualBits - 12, '0') + translation.address.offset.toString(2).padStart(12, '0');
}

const numberOf = (bits: readonly AddressBit[]): number => bits.reduce((number, bit) => number * 2 + Number(bit.value), 0);

/** The levels whose index was used, down to the last that the walk came to. */
export function levelsUsed(translation: Translation): number {
  const { outcome, steps } = translation;
  return outcome.kind === 'table-absent' ? outcome.level + 1 : steps.length;
}

/** The address in its cut: one group a level, and the rest. */
export function cutOf(translation: Translation, mode: PagingMode): readonly BitGroup[] {
  const bits = bitsOf(translation, mode);
  const take = (high: number, low: number): AddressBit[] =>
    [...bits.slice(mode.virtualBits - 1 - high, mode.virtualBits - low)].map((value, index) => ({
      bit: high - index,
      value: value === '1' ? '1' : '0',
    }));
  const wide = mode.virtualBits === 32;
  const groups: BitGroup[] = mode.levels.slice(0, levelsUsed(translation)).map((level, index) => {
    const high = level.lowBit + level.indexBits - 1;
    const taken = take(high, level.lowBit);
    const value = numberOf(taken);
    return {
      high,
      low: level.lowBit,
      bits: taken,
      caption: `${high}:${level.lowBit} = `,
      value: String(value),
      after: wide && value > 9 && level.indexBits > 2 ? `(${hex(value, 3)})` : '',
      level: index,
    };
  });
  return [...groups, restOf(translation, mode, take)];
}

function restOf(translation: Translation, mode: PagingMode, take: (high: number, low: number) => AddressBit[]): BitGroup {
  const low = levelOf(mode, Math.max(0, levelsUsed(translation) - 1)).lowBit;
  const bits = take(low - 1, 0);
  const mapped = translation.outcome.kind === 'mapped';
  const offset = hex(numberOf(bits), Math.ceil(low / 4));
  const range = `${low - 1}:0`;
  const wide = mode.virtualBits === 32;
  return {
    high: low - 1,
    low: 0,
    bits,
    caption: mapped ? (wide ? `${range}, offset in the ${pageWord(translation)} = ` : `${range} = `) : `${range}, not reached`,
    value: mapped ? offset : '',
    after: '',
    ...(low > 12 && { tickBit: 11 }),
  };
}

/** "4 KB page", "2 MB page". */
export function pageWord(translation: Translation): string {
  const { outcome } = translation;
  return outcome.kind === 'mapped' ? `${sizeWord(outcome.pageFrames)} page` : 'page';
}

const sizeWord = (frames: number): string => (frames >= 262144 ? `${frames / 262144} GB` : frames >= 256 ? `${frames / 256} MB` : `${frames * 4} KB`);

/** What the pane's head says of the cut: "PAE, cut 2 | 9 | 21 because PS is set in the PD entry". */
export function cutWords(translation: Translation, mode: PagingMode): string {
  const cut = cutOf(translation, mode).map((group) => group.bits.length);
  const signed = mode.virtualBits > 32 ? [64 - mode.virtualBits, ...cut] : cut;
  return `${mode.label}, cut ${signed.join(' | ')}${becauseWords(translation, mode)}`;
}

function becauseWords(translation: Translation, mode: PagingMode): string {
  const last = translation.steps.at(-1);
  const { outcome } = translation;
  if (mode.id === 'pae-under-xen64') return ': Xen walks 4 levels, so the PDPT entry has a say';
  if (outcome.kind === 'mapped' && outcome.pageFrames > 1) return ` because PS is set in the ${last?.tableName ?? ''} entry`;
  if (mode.virtualBits > 32) return `: bits 63:${mode.virtualBits} copy bit ${mode.virtualBits - 1}`;
  if (outcome.kind !== 'mapped') return '';
  const above = translation.steps.at(-2);
  return above?.bits.some((bit) => bit.name === 'PS') ? `: PS is 0 in the ${above.tableName} entry, so a page table follows` : '';
}
