import type { BytePage } from '#core/session/contract.ts';
import type { WordBytes } from './hex-words.ts';

/** Bytes of a page, in every space. */
export const PAGE_BYTES = 4096;

/** How the bytes of a page are laid out: fixed for a whole page, found from its contents and the width of the pane. */
export interface RowShape {
  readonly wordBytes: WordBytes;
  readonly wordsPerRow: number;
  /** Hex digits of a word; fewer than twice its bytes only where all the page's words have zeros above. */
  readonly digits: number;
  /** A column of characters at the right. */
  readonly text: boolean;
}

/**
 * A line of a page, high to low in the file and on the screen. Every byte of the page lies in exactly one line.
 * `zero`: held and all zero. `not-stored`: the dump says zero without storing it. `elided`: a text left it out. `same`: the row above again.
 */
export type Line =
  | { readonly kind: 'edge'; readonly offset: number; readonly length: 0 }
  | { readonly kind: 'row'; readonly offset: number; readonly length: number }
  | { readonly kind: 'fold'; readonly what: FoldReason; readonly offset: number; readonly length: number }
  | { readonly kind: 'bar'; readonly offset: number; readonly length: number; readonly reason: string }
  | { readonly kind: 'void'; readonly offset: 0; readonly length: 0 };

export type FoldReason = 'zero' | 'not-stored' | 'elided' | 'same';

/** Presence of a byte as a number, for loops over a page. */
export const HELD = 0;
export const ZERO = 1;
export const ASSUMED_ZERO = 2;
export const ABSENT = 3;
const CODES = { held: HELD, zero: ZERO, 'assumed-zero': ASSUMED_ZERO, absent: ABSENT } as const;

/** Presence of each byte of a page. What no run speaks of is absent. */
export function presenceCodes(page: BytePage): Uint8Array {
  const codes = new Uint8Array(PAGE_BYTES).fill(ABSENT);
  for (const run of page.presence) codes.fill(CODES[run.presence], run.offset, run.offset + run.length);
  return codes;
}

export const NOT_IN_DUMP = 'not in this dump';

/** Why a byte is absent, in the dump's words. */
export function absenceReason(page: BytePage, offset: number): string {
  const run = page.presence.find((r) => offset >= r.offset && offset < r.offset + r.length);
  return run?.reason ?? page.reason ?? NOT_IN_DUMP;
}

export interface RowOptions {
  readonly shape: RowShape;
  /** Bytes that must be seen: their rows are taken out of every fold. */
  readonly keep: readonly number[];
  /** A byte of each fold that was opened. */
  readonly opened: ReadonlySet<number>;
}

type RowState = FoldReason | 'row' | 'bar';

interface Stretch {
  readonly state: RowState;
  readonly offset: number;
  readonly length: number;
}

/** The lines of a page: rows of words, folds of what says nothing, bars of what is absent. */
export function linesOf(page: BytePage, options: RowOptions): readonly Line[] {
  const rowBytes = options.shape.wordBytes * options.shape.wordsPerRow;
  const states = rowStates(page, rowBytes);
  const lines: Line[] = [{ kind: 'edge', offset: 0, length: 0 }];
  for (const stretch of stretches(states, rowBytes)) pushStretch(lines, stretch, { ...options, page, rowBytes });
  return lines;
}

function rowStates(page: BytePage, rowBytes: number): readonly RowState[] {
  const codes = presenceCodes(page);
  const states: RowState[] = [];
  for (let offset = 0; offset < PAGE_BYTES; offset += rowBytes) states.push(rowState(page, codes, offset, rowBytes));
  markRepeats(page.bytes, states, rowBytes);
  return states;
}

function rowState(page: BytePage, codes: Uint8Array, offset: number, rowBytes: number): RowState {
  const first = codes[offset] ?? ABSENT;
  let pure = true;
  let zero = true;
  for (let i = offset; i < offset + rowBytes; i++) {
    const code = codes[i] ?? ABSENT;
    pure &&= code === first;
    zero &&= code <= ZERO && (page.bytes[i] ?? 0) === 0;
  }
  if (pure && first === ABSENT) return 'bar';
  if (pure && first === ASSUMED_ZERO) return 'elided';
  if (pure && first === ZERO) return 'not-stored';
  return zero ? 'zero' : 'row';
}

/** Rows alike from which on the rest is folded, and how many of them are left standing. */
const ALIKE_MIN = 12;
const ALIKE_KEPT = 2;

/** Turns rows into `same` where at least twelve alike follow each other; the first two stay. */
function markRepeats(bytes: Uint8Array, states: RowState[], rowBytes: number): void {
  for (let from = 0; from < states.length; ) {
    let to = from + 1;
    while (to < states.length && states[from] === 'row' && states[to] === 'row' && alike(bytes, from * rowBytes, to * rowBytes, rowBytes)) to++;
    if (to - from >= ALIKE_MIN) states.fill('same', from + ALIKE_KEPT, to);
    from = to;
  }
}

function alike(bytes: Uint8Array, a: number, b: number, length: number): boolean {
  for (let i = 0; i < length; i++) if (bytes[a + i] !== bytes[b + i]) return false;
  return true;
}

function* stretches(states: readonly RowState[], rowBytes: number): Generator<Stretch> {
  for (let from = 0; from < states.length; ) {
    const state = states[from] ?? 'row';
    let to = from + 1;
    while (states[to] === state) to++;
    yield { state, offset: from * rowBytes, length: (to - from) * rowBytes };
    from = to;
  }
}

interface Context extends RowOptions {
  readonly page: BytePage;
  readonly rowBytes: number;
}

function pushStretch(lines: Line[], stretch: Stretch, context: Context): void {
  if (stretch.state === 'row') pushRows(lines, stretch.offset, stretch.length, context.rowBytes);
  else if (stretch.state === 'bar') pushBars(lines, stretch, context.page);
  else pushFolds(lines, stretch.state, stretch, context);
}

function pushRows(lines: Line[], offset: number, length: number, rowBytes: number): void {
  for (let at = offset; at < offset + length; at += rowBytes) lines.push({ kind: 'row', offset: at, length: rowBytes });
}

/** One bar for each reason. */
function pushBars(lines: Line[], { offset, length }: Stretch, page: BytePage): void {
  const end = offset + length;
  for (let from = offset; from < end; ) {
    const reason = absenceReason(page, from);
    let to = endOfRun(page, from, end);
    while (to < end && absenceReason(page, to) === reason) to = endOfRun(page, to, end);
    lines.push({ kind: 'bar', offset: from, length: to - from, reason });
    from = to;
  }
}

function endOfRun(page: BytePage, offset: number, limit: number): number {
  const run = page.presence.find((r) => offset >= r.offset && offset < r.offset + r.length);
  return run ? Math.min(limit, run.offset + run.length) : limit;
}

/** Zero rows left standing before a fold of plain bytes, and the rows a fold must hold at least. In a table, and in a page of zeros, all may go. */
const ZERO_KEPT = 2;
const ZERO_MIN = 3;
const ZERO_MIN_TABLE = 2;

function pushFolds(lines: Line[], what: FoldReason, stretch: Stretch, context: Context): void {
  const { rowBytes, page } = context;
  const inTable = page.table !== undefined;
  const isZero = what === 'zero' || what === 'not-stored';
  const kept = isZero && !inTable && stretch.length < PAGE_BYTES ? Math.min(stretch.length, ZERO_KEPT * rowBytes) : 0;
  const least = isZero ? (inTable ? ZERO_MIN_TABLE : ZERO_MIN) * rowBytes : rowBytes;
  pushRows(lines, stretch.offset, kept, rowBytes);
  const end = stretch.offset + stretch.length;
  let from = stretch.offset + kept;
  for (const row of keptRows(from, end, context)) {
    pushFold(lines, what, { from, to: row, least }, context);
    pushRows(lines, row, rowBytes, rowBytes);
    from = row + rowBytes;
  }
  pushFold(lines, what, { from, to: end, least }, context);
}

/** Rows of [from, end) that hold a byte that must be seen, ascending. */
function keptRows(from: number, end: number, { keep, rowBytes }: Context): readonly number[] {
  const rows = keep.filter((byte) => byte >= from && byte < end).map((byte) => byte - (byte % rowBytes));
  return [...new Set(rows)].sort((a, b) => a - b);
}

function pushFold(lines: Line[], what: FoldReason, { from, to, least }: { from: number; to: number; least: number }, context: Context): void {
  if (to <= from) return;
  const open = what !== 'elided' && opens(context.opened, from, to);
  if (open || to - from < least) pushRows(lines, from, to - from, context.rowBytes);
  else lines.push({ kind: 'fold', what, offset: from, length: to - from });
}

function opens(opened: ReadonlySet<number>, from: number, to: number): boolean {
  for (const byte of opened) if (byte >= from && byte < to) return true;
  return false;
}
