import type { Fragment, Fragments } from '#core/formats/text/fragments.ts';
import { lastWhere } from '#core/formats/text/last-where.ts';
import { type LaidPage, layPage, type PageRun } from '#core/formats/text/page-runs.ts';
import type { PrintedBytes } from '#core/formats/text/printed-bytes.ts';
import { FRAME_BYTES } from '#core/memory/address.ts';

/** A word of a table as the text gives it; `line` is where. */
export interface TextWord {
  readonly low: number;
  readonly high: number;
  readonly line: number;
}

/** What the text printed, by virtual page and, as far as pages are placed, by frame. */
export class TextMemory {
  /** Virtual pages that rows speak of, ascending. */
  readonly pages: readonly number[];
  readonly #fragments: Fragments;
  readonly #printed: PrintedBytes;
  readonly #laid = new Map<number, LaidPage>();
  readonly #laidMachine = new Map<number, LaidPage>();
  readonly #frameOf = new Map<number, number>();
  readonly #pagesOf = new Map<number, number[]>();

  constructor(fragments: Fragments, printed: PrintedBytes) {
    this.#fragments = fragments;
    this.#printed = printed;
    this.pages = [...fragments.virtual.keys()].sort((a, b) => a - b);
  }

  place(page: number, frame: number): void {
    this.#frameOf.set(page, frame);
    const pages = this.#pagesOf.get(frame);
    if (pages === undefined) this.#pagesOf.set(frame, [page]);
    else pages.push(page);
  }

  frameOf(page: number): number | undefined {
    return this.#frameOf.get(page);
  }

  isDumped(page: number): boolean {
    return this.#fragments.virtual.has(page);
  }

  /** Frames of which something is known: printed by machine address, or by a page that is placed. */
  frames(): number[] {
    return [...new Set([...this.#fragments.machine.keys(), ...this.#pagesOf.keys()])].sort((a, b) => a - b);
  }

  hasFrame(frame: number): boolean {
    return this.#fragments.machine.has(frame) || this.#pagesOf.has(frame);
  }

  machinePages(): number[] {
    return [...this.#fragments.machine.keys()].sort((a, b) => a - b);
  }

  fragmentsOfPage(page: number): readonly Fragment[] {
    return this.#fragments.virtual.get(page) ?? [];
  }

  /** Everything said of a frame, from whichever space. */
  fragmentsOfFrame(frame: number): readonly Fragment[] {
    const pages = this.#pagesOf.get(frame) ?? [];
    return [...(this.#fragments.machine.get(frame) ?? []), ...pages.flatMap((page) => this.fragmentsOfPage(page))];
  }

  laidPage(page: number): LaidPage {
    return remember(this.#laid, page, () => layPage(this.fragmentsOfPage(page), this.#printed));
  }

  /** Lines of the text that gave a virtual page's bytes, ascending. */
  linesOfPage(page: number): number[] {
    const spoken = this.laidPage(page).runs.filter(({ fragment }) => !fragment.event);
    return [...new Set(spoken.map(({ fragment }) => fragment.line))].sort((a, b) => a - b);
  }

  /** A word of a virtual page; undefined unless all of it is printed or known to be zero. */
  wordOfPage(page: number, offset: number, width: 4 | 8): TextWord | undefined {
    return this.#word(this.laidPage(page).runs, offset, width);
  }

  /** A word at a machine address. */
  wordAt(address: number, width: 4 | 8): TextWord | undefined {
    const frame = Math.floor(address / FRAME_BYTES);
    const offset = address % FRAME_BYTES;
    const machine = this.#fragments.machine.get(frame);
    const laid = machine === undefined ? undefined : remember(this.#laidMachine, frame, () => layPage(machine, this.#printed));
    const direct = laid === undefined ? undefined : this.#word(laid.runs, offset, width);
    if (direct !== undefined) return direct;
    for (const page of this.#pagesOf.get(frame) ?? []) {
      const word = this.wordOfPage(page, offset, width);
      if (word !== undefined) return word;
    }
    return undefined;
  }

  #word(runs: readonly PageRun[], offset: number, width: 4 | 8): TextWord | undefined {
    const bytes: number[] = [];
    let line = 0;
    for (let at = offset; at < offset + width; at++) {
      const run = runAt(runs, at);
      if (run === undefined || run.fragment.presence === 'absent') return undefined;
      line ||= run.fragment.line;
      bytes.push(run.fragment.presence === 'held' ? (this.#printed.bytes[run.fragment.at + at - run.fragment.offset] ?? 0) : 0);
    }
    return { low: littleEndian(bytes, 0), high: littleEndian(bytes, 4), line };
  }
}

const littleEndian = (bytes: readonly number[], from: number): number =>
  ((bytes[from] ?? 0) | ((bytes[from + 1] ?? 0) << 8) | ((bytes[from + 2] ?? 0) << 16) | ((bytes[from + 3] ?? 0) << 24)) >>> 0;

function runAt(runs: readonly PageRun[], offset: number): PageRun | undefined {
  const run = runs[lastWhere(runs.length, (index) => (runs[index]?.offset ?? 0) <= offset)];
  return run !== undefined && offset < run.offset + run.length ? run : undefined;
}

function remember<Value>(kept: Map<number, Value>, key: number, make: () => Value): Value {
  const found = kept.get(key);
  if (found !== undefined) return found;
  const made = make();
  kept.set(key, made);
  return made;
}
