import type { PagingMode } from '#core/paging/mode.ts';
import type { EntryFlag } from './contract.ts';
import type { SlotFact } from './table-cells.ts';

interface Letter {
  readonly letter: string;
  readonly isSet: (low: number, high: number) => boolean;
  readonly meaning: string;
}

const low = (letter: string, mask: number, meaning: string): Letter => ({ letter, isSet: (word) => (word & mask) !== 0, meaning });

const LETTERS: readonly Letter[] = [
  low('P', 0x001, 'P: present'),
  low('W', 0x002, 'R/W: may be written'),
  low('U', 0x004, 'U/S: ring 3 may use it'),
  low('A', 0x020, 'A: accessed'),
  low('D', 0x040, 'D: written'),
  low('S', 0x080, 'PS: maps memory itself'),
  low('G', 0x100, 'G: global'),
  { letter: 'N', isSet: (_low, high) => high >>> 31 === 1, meaning: 'XD: no fetch' },
];
/** In a PTE bit 7 is PAT, not a size. */
const PAT: Letter = low('S', 0, 'PS: not in a PTE');

/** The eight letters of the tree. A native PAE PDPTE has P alone: the bits in the others' places are reserved (SDM 3A table 4-8), A is shown if set. */
export function entryFlags(mode: PagingMode, level: number, fact: SlotFact): readonly EntryFlag[] {
  const described = mode.levels[level];
  return LETTERS.map((letter) => {
    const rule = letter.letter === 'S' && described?.mapsMemory === 'always' ? PAT : letter;
    const counts = described?.hasRights !== false || letter.letter === 'P' || letter.letter === 'A';
    return { letter: letter.letter, set: counts && rule.isSet(fact.low, fact.high), meaning: rule.meaning };
  });
}
