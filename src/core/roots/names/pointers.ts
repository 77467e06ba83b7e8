import type { DirectMap } from './direct-map.ts';
import type { WordStretch } from './guess.ts';
import { PlaceColumns } from './place-columns.ts';

/** Roots and objects of a slab begin at a multiple of this, in bytes: a PAE root has 32, a cache line 64. */
const ALIGNED = 31;
/** A process has a few; there are a thousand roots at most. */
const MOST_TO_ROOTS = 2 ** 17;
/** 32 MB of columns: a guest has ten in a MB. */
const MOST_TWINS = 2 ** 21;
const TWO_TO_32 = 2 ** 32;

/** What pointers into the direct map were seen: those to roots, and neighbouring equal ones. */
export class Pointers {
  /** Place and value: offsets in the map, of the pointer and of the root. */
  readonly toRoots = new PlaceColumns(MOST_TO_ROOTS);
  /** Two equal pointers side by side, not to themselves as an empty list's are. Place: of the first; value: of what they point at: offsets in the map. */
  readonly twins = new PlaceColumns(MOST_TWINS);

  constructor(
    readonly map: DirectMap,
    /** By offset in the map. */
    readonly roots: ReadonlyMap<number, unknown>,
  ) {}

  look(stretch: WordStretch): void {
    if (this.map.wordBytes === 8) this.#lookWide(stretch);
    else this.#lookNarrow(stretch);
  }

  /** The high word alone tells nearly always that it is no pointer. */
  #lookWide({ start, words }: WordStretch): void {
    const { high: firstHigh, low: firstLow, end } = this.map;
    const lastHigh = firstHigh + Math.floor((firstLow + end) / TWO_TO_32);
    for (let i = 1; i < words.length; i += 2) {
      const high = words[i] ?? 0;
      if (high < firstHigh || high > lastHigh) continue;
      const low = words[i - 1] ?? 0;
      if ((low & ALIGNED) !== 0) continue;
      const isTwin = i > 1 && words[i - 3] === low && words[i - 2] === high;
      this.#note(start + (i - 1) * 4, (high - firstHigh) * TWO_TO_32 + low - firstLow, isTwin);
    }
  }

  #lookNarrow({ start, words }: WordStretch): void {
    const { low: first } = this.map;
    let before = 0;
    for (let i = 0; i < words.length; i++) {
      const word = words[i] ?? 0;
      if (word >= first && (word & ALIGNED) === 0) this.#note(start + i * 4, word - first, word === before);
      before = word;
    }
  }

  #note(place: number, target: number, isTwin: boolean): void {
    const { map } = this;
    if (target < 0 || target >= map.end) return;
    const isToRoot = this.roots.has(target);
    if (!isToRoot && !isTwin) return;
    const own = map.offsetOf(place);
    if (own < 0) return;
    if (isToRoot) this.toRoots.add(own, target);
    if (isTwin && target !== own && target !== own - map.wordBytes) this.twins.add(own - map.wordBytes, target);
  }
}
