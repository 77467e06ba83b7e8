import { lastAtOrBelow } from '#core/base/bisect.ts';
import { crossCheck } from '#core/xen/cross-check.ts';
import type { P2m } from '#core/xen/frame-numbers.ts';
import { type M2p, m2pKindAt, m2pRunAt, m2pRunEnd, m2pWord } from '#core/xen/m2p.ts';
import { M2P_KINDS, type M2pCells, type M2pKind, type M2pName, type M2pRunRow, type M2pSummary } from './contract.ts';
import type { OpenedRoot } from './opened-root.ts';
import type { XenTables } from './xen-tables.ts';

const KIND_COLUMNS = M2P_KINDS.length;
const columnOf = (kind: M2pKind): number => M2P_KINDS.indexOf(kind);
const VALID = columnOf('valid');
const ELSEWHERE = columnOf('elsewhere');
/** Column of each kind of word, by its name: looked up once a run, not once a word. */
const COLUMNS: Readonly<Record<string, number>> = Object.fromEntries(M2P_KINDS.map((kind, column) => [kind, column]));

/** Tables of the root that are looked up unasked. */
const MOST_NAMES = 32;
/** Rows told at once. */
const MOST_ROWS = 500;
/** Cells of one picture. */
const MOST_CELLS = 4096;

/** The M2P of one root as pictures, rows and sums; made once, kept with its tables. */
export class M2pTable {
  readonly #m2p: M2p;
  readonly #p2m: P2m | undefined;
  /** First MFN of each run, ascending. */
  readonly #starts: Uint32Array;
  readonly #tables: XenTables;

  /** Undefined where the root maps no M2P. */
  static of(tables: XenTables): M2pTable | undefined {
    return tables.m2p && tables.window && new M2pTable(tables, tables.m2p);
  }

  private constructor(tables: XenTables, m2p: M2p) {
    this.#tables = tables;
    this.#m2p = m2p;
    this.#p2m = tables.p2ms[0];
    this.#starts = runStarts(m2p);
  }

  summary(root: OpenedRoot): M2pSummary {
    const { window } = this.#tables;
    const words = this.#m2p.words.length;
    const { counts } = this.cells(0, Math.max(1, words), 1);
    const check = this.#p2m && crossCheck(this.#p2m, this.#m2p);
    return {
      firstPage: window?.firstPage ?? 0,
      bytesPerWord: window?.bytesPerWord ?? 4,
      words,
      beyond: (window?.entries ?? words) - words,
      counts: Object.fromEntries(M2P_KINDS.map((kind, column) => [kind, counts[column] ?? 0])) as M2pSummary['counts'],
      runs: this.#starts.length,
      ...(this.#p2m && { p2m: { source: this.#p2m.source, frames: this.#p2m.count, highestPfn: this.#p2m.mfns.length - 1 } }),
      disagreements: check?.disagreements.map(({ pfn, mfn, m2p }) => ({ pfn, mfn, word: m2p })) ?? [],
      disagreementCount: check?.p2m.disagree ?? 0,
      tables: this.#names(root),
    };
  }

  /** Sums of `cells` cells from a frame on; words past the end of the table are in none. */
  cells(firstMfn: number, wordsPerCell: number, cells: number): M2pCells {
    const count = Math.max(0, Math.min(Math.floor(cells), MOST_CELLS));
    const counts = new Uint32Array(count * KIND_COLUMNS);
    const end = Math.min(this.#m2p.words.length, firstMfn + count * wordsPerCell);
    for (let run = this.#runAt(firstMfn), from = Math.max(0, firstMfn); from < end; run++) {
      const to = Math.min(end, this.#starts[run + 1] ?? end);
      this.#tally(counts, firstMfn, wordsPerCell, from, to);
      from = to;
    }
    return { firstMfn, wordsPerCell, counts };
  }

  /** Rows of runs from one on. */
  runs(firstRow: number, count: number): readonly M2pRunRow[] {
    const from = Math.max(0, Math.floor(firstRow));
    const rows = Math.min(Math.min(count, MOST_ROWS), this.#starts.length - from);
    return Array.from({ length: Math.max(0, rows) }, (_, row) => this.#row(this.#starts[from + row] ?? 0));
  }

  /** Row of the run that a frame's word is in. */
  rowOf(mfn: number): number {
    return this.#runAt(mfn);
  }

  /** What the word of a frame is, its P2M asked too. */
  kindAt(mfn: number): M2pKind {
    const kind = m2pKindAt(this.#m2p, mfn);
    return kind === 'valid' && this.#leadsElsewhere(mfn) ? 'elsewhere' : kind;
  }

  #runAt(mfn: number): number {
    return Math.max(0, lastAtOrBelow(this.#starts, mfn));
  }

  #row(firstMfn: number): M2pRunRow {
    const { lastMfn, kind, value, step } = m2pRunAt(this.#m2p, firstMfn);
    let elsewhere = 0;
    if (kind === 'valid') for (let mfn = firstMfn; mfn <= lastMfn; mfn++) if (this.#leadsElsewhere(mfn)) elsewhere++;
    return { firstMfn, lastMfn, kind, value, step, elsewhere };
  }

  /** Adds the words [from, to), all of one run, to the cells they lie in. */
  #tally(counts: Uint32Array, firstMfn: number, wordsPerCell: number, from: number, to: number): void {
    const column = COLUMNS[m2pKindAt(this.#m2p, from)] ?? VALID;
    for (let at = from; at < to; ) {
      const cell = Math.floor((at - firstMfn) / wordsPerCell);
      const end = Math.min(to, firstMfn + (cell + 1) * wordsPerCell);
      const elsewhere = column === VALID ? this.#elsewhereIn(at, end) : 0;
      add(counts, cell * KIND_COLUMNS + column, end - at - elsewhere);
      if (elsewhere > 0) add(counts, cell * KIND_COLUMNS + ELSEWHERE, elsewhere);
      at = end;
    }
  }

  #elsewhereIn(from: number, to: number): number {
    if (!this.#p2m) return 0;
    let count = 0;
    for (let mfn = from; mfn < to; mfn++) if (this.#leadsElsewhere(mfn)) count++;
    return count;
  }

  /** Of a valid word only. */
  #leadsElsewhere(mfn: number): boolean {
    return this.#p2m !== undefined && this.#p2m.mfns[this.#m2p.words[mfn] ?? 0] !== mfn;
  }

  #names({ forest, names }: OpenedRoot): readonly M2pName[] {
    const { store } = forest;
    return Array.from({ length: Math.min(store.count, MOST_NAMES) }, (_, table) => {
      const mfn = store.frame(table);
      const path = names.pathOf(table);
      const word = m2pWord(this.#m2p, mfn);
      return { mfn, name: path ? names.nameOf(path) : 'table', kind: this.kindAt(mfn), ...(word !== undefined && { word }) };
    });
  }
}

function add(counts: Uint32Array, at: number, amount: number): void {
  counts[at] = (counts[at] ?? 0) + amount;
}

/** First MFN of each run: counted, then filled, so that a table of millions of runs costs four bytes for each. */
function runStarts(m2p: M2p): Uint32Array {
  const size = m2p.words.length;
  let count = 0;
  for (let mfn = 0; mfn < size; mfn = m2pRunEnd(m2p, mfn) + 1) count++;
  const starts = new Uint32Array(count);
  for (let mfn = 0, run = 0; mfn < size; mfn = m2pRunEnd(m2p, mfn) + 1) starts[run++] = mfn;
  return starts;
}
