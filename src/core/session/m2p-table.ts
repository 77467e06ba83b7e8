import { lastAtOrBelow } from '#core/base/bisect.ts';
import { type CrossCheck, crossCheck } from '#core/xen/cross-check.ts';
import type { P2m } from '#core/xen/frame-numbers.ts';
import { type M2p, m2pWord } from '#core/xen/m2p.ts';
import { countCodes, m2pCodes, WORD_CODES } from '#core/xen/m2p-kinds.ts';
import { runFrom, runStarts } from '#core/xen/m2p-runs.ts';
import { M2P_KINDS, type M2pCells, type M2pKind, type M2pName, type M2pRunRow, type M2pSummary } from './contract.ts';
import type { OpenedRoot } from './opened-root.ts';
import type { XenTables } from './xen-tables.ts';

const KIND_COLUMNS = M2P_KINDS.length;
/** Column of the contract by code. */
const COLUMNS = Uint8Array.from(WORD_CODES, (code) => M2P_KINDS.indexOf(code === 'ours' ? 'valid' : code));

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
  /** What each word is to the guest: made once, read by all that looks at many. */
  readonly #codes: Uint8Array;
  /** First MFN of each run, ascending. */
  readonly #starts: Uint32Array;
  readonly #tables: XenTables;
  /** Made when first asked. */
  #check: CrossCheck | undefined;

  /** Undefined where the root maps no M2P. */
  static of(tables: XenTables): M2pTable | undefined {
    return tables.m2p && tables.window && new M2pTable(tables, tables.m2p);
  }

  private constructor(tables: XenTables, m2p: M2p) {
    this.#tables = tables;
    this.#m2p = m2p;
    this.#p2m = tables.p2ms[0];
    this.#codes = m2pCodes(m2p, this.#p2m?.mfns);
    this.#starts = runStarts(m2p.words, this.#codes);
  }

  summary(root: OpenedRoot): M2pSummary {
    const { window } = this.#tables;
    const words = this.#m2p.words.length;
    const { counts } = this.cells(0, Math.max(1, words), 1);
    const { check } = this;
    return {
      firstPage: window?.firstPage ?? 0,
      bytesPerWord: window?.bytesPerWord ?? 4,
      words,
      beyond: (window?.entries ?? words) - words,
      counts: Object.fromEntries(M2P_KINDS.map((kind, column) => [kind, counts[column] ?? 0])) as M2pSummary['counts'],
      runs: this.#starts.length,
      ...(this.#p2m && check && { p2m: this.#p2mFacts(this.#p2m, check.p2m.unknown) }),
      disagreements: check?.disagreements.map(({ pfn, mfn, m2p }) => ({ pfn, mfn, word: m2p })) ?? [],
      disagreementCount: check?.p2m.disagree ?? 0,
      tables: this.#names(root),
    };
  }

  /** Compared with the guest's P2M, where there is one. */
  get check(): CrossCheck | undefined {
    this.#check ??= this.#p2m && crossCheck(this.#p2m, this.#m2p, this.#codes);
    return this.#check;
  }

  #p2mFacts({ source, count, mfns }: P2m, unknown: number): NonNullable<M2pSummary['p2m']> {
    return { source, frames: count, highestPfn: mfns.length - 1, unknown };
  }

  /** Sums of `cells` cells from a frame on; words past the end of the table are in none. */
  cells(firstMfn: number, wordsPerCell: number, cells: number): M2pCells {
    const count = Math.max(0, Math.min(Math.floor(cells), MOST_CELLS));
    const counts = new Uint32Array(count * KIND_COLUMNS);
    for (let cell = 0; cell < count; cell++) {
      const from = Math.max(0, firstMfn + cell * wordsPerCell);
      const to = Math.min(this.#codes.length, firstMfn + (cell + 1) * wordsPerCell);
      countCodes(this.#codes, from, to).forEach((words, code) => {
        const at = cell * KIND_COLUMNS + (COLUMNS[code] ?? 0);
        counts[at] = (counts[at] ?? 0) + words;
      });
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

  /** The next MFN above whose word is of a kind, past those of the kind that follow at once; from the first on after the last. */
  next(mfn: number, kind: M2pKind): number | undefined {
    const code = COLUMNS.indexOf(M2P_KINDS.indexOf(kind));
    let from = Math.max(0, Math.floor(mfn));
    while (this.#codes[from] === code) from++;
    const above = this.#codes.indexOf(code, from);
    const found = above < 0 ? this.#codes.indexOf(code) : above;
    return found < 0 ? undefined : found;
  }

  /** What the word of a frame is, its P2M asked too. */
  kindAt(mfn: number): M2pKind {
    const code = this.#codes[mfn];
    return (code === undefined ? undefined : M2P_KINDS[COLUMNS[code] ?? -1]) ?? 'unknown';
  }

  #runAt(mfn: number): number {
    return Math.max(0, lastAtOrBelow(this.#starts, mfn));
  }

  #row(firstMfn: number): M2pRunRow {
    const run = runFrom(this.#m2p.words, this.#codes, firstMfn);
    const [, foreign = 0, stale = 0] = countCodes(this.#codes, firstMfn, run.lastMfn + 1);
    return { ...run, foreign, stale };
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
