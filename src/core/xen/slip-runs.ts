/**
 * Why an entry is thought to hold a PFN where an MFN is due, weakest first. `number`: it is a PFN and no frame of the guest's, which a
 * device's or another domain's frame may be by chance. `neighbour`: the entries beside it lead to the PFNs beside it. `table`: the PFN
 * is a page table of the level that is due there. `place`: the builder put this very PFN at this address.
 */
export const SLIP_REASONS = ['number', 'neighbour', 'table', 'place'] as const;
export type SlipReason = (typeof SLIP_REASONS)[number];

/** Neighbouring entries of one table that hold ascending PFNs, for one reason. An entry that names a table is alone. */
export interface SlipRun {
  /** Virtual page of the first entry, where its table is first met. */
  readonly firstPage: number;
  readonly table: number;
  /** Level of the entries, 0 = root. */
  readonly level: number;
  readonly firstSlot: number;
  readonly entries: number;
  /** What the first entry holds as its frame. */
  readonly pfn: number;
  readonly reason: SlipReason;
  /** True where the entry names a table, false where it maps memory. */
  readonly namesTable: boolean;
}

const FIELDS = 8;
const [PAGE, TABLE, LEVEL, SLOT, ENTRIES, PFN, REASON, NAMES_TABLE] = [0, 1, 2, 3, 4, 5, 6, 7] as const;
const FIRST_ROOM = 256;
/** Runs kept, 4 MB; all entries are counted. */
const MOST_RUNS = 65_536;

/** Runs as one flat array, in the order of their pages. */
export class SlipRuns {
  #rows = new Float64Array(FIRST_ROOM * FIELDS);
  #count = 0;
  /** Entries by reason, also those for which there was no row left. */
  readonly #entries = new Float64Array(SLIP_REASONS.length);

  get count(): number {
    return this.#count;
  }

  entriesFor(reason: SlipReason): number {
    return this.#entries[SLIP_REASONS.indexOf(reason)] ?? 0;
  }

  /** Takes one entry, or lengthens the last run by it; `step`: PFNs from one entry to the next. */
  add({ reason, ...of }: Omit<SlipRun, 'entries'>, step: number): void {
    const code = SLIP_REASONS.indexOf(reason);
    this.#entries[code] = (this.#entries[code] ?? 0) + 1;
    if (!of.namesTable && this.#continues(of, code, step)) this.#set(this.#count - 1, ENTRIES, this.#get(this.#count - 1, ENTRIES) + 1);
    else if (this.#count < MOST_RUNS) this.#append([of.firstPage, of.table, of.level, of.firstSlot, 1, of.pfn, code, of.namesTable ? 1 : 0]);
  }

  at(row: number): SlipRun {
    return {
      firstPage: this.#get(row, PAGE),
      table: this.#get(row, TABLE),
      level: this.#get(row, LEVEL),
      firstSlot: this.#get(row, SLOT),
      entries: this.#get(row, ENTRIES),
      pfn: this.#get(row, PFN),
      reason: SLIP_REASONS[this.#get(row, REASON)] ?? 'number',
      namesTable: this.#get(row, NAMES_TABLE) === 1,
    };
  }

  /** Row of the run that an entry is in; -1 if in none. */
  rowOf(table: number, slot: number): number {
    for (let row = 0; row < this.#count; row++) {
      const past = slot - this.#get(row, SLOT);
      if (this.#get(row, TABLE) === table && past >= 0 && past < this.#get(row, ENTRIES)) return row;
    }
    return -1;
  }

  /** A stronger reason for a run of which more was learnt. */
  strengthen(row: number, reason: SlipReason): void {
    const [from, to] = [this.#get(row, REASON), SLIP_REASONS.indexOf(reason)];
    const entries = this.#get(row, ENTRIES);
    this.#entries[from] = (this.#entries[from] ?? 0) - entries;
    this.#entries[to] = (this.#entries[to] ?? 0) + entries;
    this.#set(row, REASON, to);
  }

  #continues(of: Pick<SlipRun, 'table' | 'firstSlot' | 'pfn'>, code: number, step: number): boolean {
    const last = this.#count - 1;
    if (last < 0 || this.#get(last, TABLE) !== of.table || this.#get(last, REASON) !== code || this.#get(last, NAMES_TABLE) === 1) return false;
    const entries = this.#get(last, ENTRIES);
    return this.#get(last, SLOT) + entries === of.firstSlot && this.#get(last, PFN) + entries * step === of.pfn;
  }

  #append(row: readonly number[]): void {
    if (this.#rows.length === this.#count * FIELDS) {
      const wider = new Float64Array(this.#rows.length * 4);
      wider.set(this.#rows);
      this.#rows = wider;
    }
    this.#rows.set(row, this.#count * FIELDS);
    this.#count++;
  }

  #get(row: number, field: number): number {
    return this.#rows[row * FIELDS + field] ?? 0;
  }

  #set(row: number, field: number, value: number): void {
    this.#rows[row * FIELDS + field] = value;
  }
}
