/** A shorter run may be a few look-ups side by side. */
const LEAST_RUN_BYTES = 1024 * 1024;
const MOST_AHEAD_BYTES = 8 * 1024 * 1024;
/** Read-ranges leaves out gaps that are longer: the run goes on behind one that is not. */
const GAP_BYTES = 64 * 1024;
/** Places where reading may go on at the same time: a list and what it points to, in two files. */
const MOST_RUNS = 4;

/** Bytes read one behind another. */
interface Run {
  readonly start: number;
  end: number;
  /** Asked for up to here. */
  ahead: number;
}

/** Bytes [start, end). */
interface Span {
  readonly start: number;
  readonly end: number;
}

/**
 * Sees where a file is read from front to end, and says what to ask for before it is wanted, as the readahead of a kernel does: nothing for
 * single look-ups, then as much as was read so far, up to 8 MiB. So no more than half of all that is fetched is ever in vain.
 */
export class ReadAhead {
  /** Last used first. */
  #runs: Run[] = [];

  /** Notes a read of bytes [start, end). @returns What will be read next if this goes on, a large part at a time; it may end past the file. */
  after(start: number, end: number): Span | undefined {
    const run = this.#runs.find((each) => start >= each.start && start <= each.end + GAP_BYTES);
    this.#runs = [run ?? { start, end, ahead: end }, ...this.#runs.filter((each) => each !== run)].slice(0, MOST_RUNS);
    if (run === undefined || end <= run.end) return undefined;
    run.end = end;
    return aheadOf(run);
  }
}

/** Only when less than half of the window is left: many small parts would cost a request each. */
function aheadOf(run: Run): Span | undefined {
  const read = run.end - run.start;
  const window = Math.min(MOST_AHEAD_BYTES, read);
  const start = Math.max(run.ahead, run.end);
  const end = run.end + window;
  if (read <= LEAST_RUN_BYTES || end - start < window / 2) return undefined;
  run.ahead = end;
  return { start, end };
}
