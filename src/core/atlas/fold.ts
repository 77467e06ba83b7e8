import {
  ENTRY_KINDS,
  type FoldInput,
  type FoldKind,
  isNothing,
  KIND_ELIDED,
  KIND_LEAF,
  KIND_LOOP,
  KIND_NOT_ZERO,
  KIND_ZERO,
  kindAt,
  sameTable,
} from './fold-input.ts';
import { onStride, type Stride, segmentsOf, startOf, strideAt } from './fold-stride.ts';

/** How the frames of a row's entries follow each other. */
export type FoldOrder = 'single' | 'in order' | 'mixed' | 'same';

/** One row. */
export interface FoldRun {
  readonly firstSlot: number;
  readonly lastSlot: number;
  /** Slots in it. (lastSlot - firstSlot) / step + 1, but fewer where `between`. */
  readonly count: number;
  readonly step: number;
  /** For a hole of zero and elided slots together: `elided`. */
  readonly kind: FoldKind;
  readonly order: FoldOrder;
  /** Slots of it that are elided; the rest of a hole is known to be zero. */
  readonly elided: number;
  /** Stride of the row above between whose slots these lie; 0 for other rows. Slots shown by other rows are not part of it. */
  readonly between: number;
}

export interface FoldOptions {
  /** Taken out of its row, except where the whole row is one table: that is opened once and shows one path. -1 for none. */
  readonly selected?: number;
  /** Every slot gets its own row: what an opened row shows. */
  readonly unfolded?: boolean;
}

/** Zero holes of a PT below this many slots get no row: the slot numbers beside them show them. */
const HOLE_LEAST = 4;
/** Above the PT a loop is a whole linear page table and says which table it shows, so a few of them are not folded. */
const LOOPS_LEAST = 5;
/** A PAE root. */
const NEVER_FOLDED = 4;

interface Fold {
  readonly input: FoldInput;
  readonly selected: number;
  readonly runs: FoldRun[];
}

/**
 * Folds one table's entries into rows: stretches alike, constant strides with what lies between them, holes. Linear; one object per row.
 * Rows ascend by first slot; a row `between` follows the rows of its stride. Every slot is in exactly one row, save zero holes of a PT
 * shorter than four slots, which are in none (a selected slot of theirs is).
 */
export function foldEntries(input: FoldInput, options: FoldOptions = {}): FoldRun[] {
  const fold: Fold = { input, selected: options.selected ?? -1, runs: [] };
  if (options.unfolded || input.entries <= NEVER_FOLDED) {
    for (let slot = 0; slot < input.entries; slot++) emitStretch(fold, slot, slot, 1);
    return fold.runs;
  }
  const segments = segmentsOf(input);
  for (let at = 0; at < segments.count; ) {
    const stride = strideAt(input, segments, at);
    if (stride) emitStride(fold, stride);
    else emitSegment(fold, startOf(segments, at), startOf(segments, at + 1) - 1);
    at = stride ? stride.nextSegment : at + 1;
  }
  return fold.runs;
}

function emitStride(fold: Fold, stride: Stride): void {
  const { first, last, step, fillFirst, fillLast } = stride;
  const { selected } = fold;
  const taken = selected >= Math.min(first, fillFirst) && selected <= Math.max(last, fillLast);
  const isMember = taken && onStride(stride, selected);
  const whole = sameTable(fold.input, first, first + step);
  const before = taken && !whole ? Math.floor((selected - 1 - first) / step) : (last - first) / step;
  if (before >= 0) emitStretch(fold, first, Math.min(last, first + before * step), step);
  if (taken && !(whole && isMember)) emitStretch(fold, selected, selected, 1);
  const next = first + Math.max(0, Math.floor((selected - first) / step) + 1) * step;
  if (taken && !whole && next <= last) emitStretch(fold, next, last, step);
  emitBetween(fold, stride, taken && !isMember);
}

function emitBetween(fold: Fold, stride: Stride, withoutSelected: boolean): void {
  const isFill = (slot: number) => !onStride(stride, slot) && !(withoutSelected && slot === fold.selected);
  let { fillFirst: first, fillLast: last } = stride;
  while (first <= last && !isFill(first)) first++;
  while (last >= first && !isFill(last)) last--;
  if (first > last) return;
  const slots: number[] = [];
  for (let slot = first; slot <= last; slot++) if (isFill(slot)) slots.push(slot);
  emit(fold, slots, stride.step === 2 ? 2 : 1, stride.step);
}

// ── Rows ─────────────────────────────────────────────────────────────────────────────────────────────────────

function emitSegment(fold: Fold, first: number, last: number): void {
  const { input, selected } = fold;
  const isTaken = selected >= first && selected <= last;
  if (isHidden(input, first, last)) {
    if (isTaken) emitStretch(fold, selected, selected, 1);
  } else if (isTaken && !(last > first && sameTable(input, first, last) && sameTable(input, first, first + 1))) {
    if (selected > first) emitStretch(fold, first, selected - 1, 1);
    emitStretch(fold, selected, selected, 1);
    if (selected < last) emitStretch(fold, selected + 1, last, 1);
  } else emitStretch(fold, first, last, 1);
}

function isHidden(input: FoldInput, first: number, last: number): boolean {
  if (!input.lowest || last - first + 1 >= HOLE_LEAST) return false;
  for (let slot = first; slot <= last; slot++) if (kindAt(input, slot) !== KIND_ZERO) return false;
  return true;
}

function emitStretch(fold: Fold, first: number, last: number, step: number): void {
  const slots: number[] = [];
  for (let slot = first; slot <= last; slot += step) slots.push(slot);
  if (!isTooFew(fold.input, slots, step)) emit(fold, slots, slots.length === 1 ? 1 : step, 0);
  else for (const slot of slots) emit(fold, [slot], 1, 0);
}

/** A pair that neither counts up nor repeats says more as two rows; so do a few loops above the PT. */
function isTooFew(input: FoldInput, slots: readonly number[], step: number): boolean {
  const kind = kindAt(input, slots[0] ?? 0);
  if (isNothing(kind)) return false;
  if (kind === KIND_LOOP && !input.lowest && slots.length < LOOPS_LEAST) return true;
  return slots.length === 2 && orderOf(input, slots, step) === 'mixed';
}

function emit(fold: Fold, slots: readonly number[], step: number, between: number): void {
  const { input, runs } = fold;
  const firstSlot = slots[0] ?? 0;
  const elided = slots.reduce((sum, slot) => sum + (kindAt(input, slot) === KIND_ELIDED ? 1 : 0), 0);
  const kind = ENTRY_KINDS[elided > 0 ? KIND_ELIDED : kindAt(input, firstSlot)] ?? 'entry-absent';
  const order = orderOf(input, slots, between > 0 ? 0 : step);
  runs.push({ firstSlot, lastSlot: slots.at(-1) ?? firstSlot, count: slots.length, step, kind, order, elided, between });
}

/** A step of 0 means that the slots are not evenly spaced: they may repeat a frame, never count up. */
function orderOf(input: FoldInput, slots: readonly number[], step: number): FoldOrder {
  const kind = kindAt(input, slots[0] ?? 0);
  if (slots.length < 2) return 'single';
  if (isNothing(kind)) return 'same';
  const delta = steadyDelta(input, slots);
  const unit = kind === KIND_LEAF || kind === KIND_NOT_ZERO ? input.framesPerLeaf : 1;
  if (delta === 0) return 'same';
  return step > 0 && (delta === unit || delta === unit * step) ? 'in order' : 'mixed';
}

/** By how much each frame lies above the one before; NaN where that changes. */
function steadyDelta(input: FoldInput, slots: readonly number[]): number {
  const frame = (i: number): number => input.frame[slots[i] ?? 0] ?? Number.NaN;
  const delta = frame(1) - frame(0);
  for (let i = 2; i < slots.length; i++) if (frame(i) - frame(i - 1) !== delta) return Number.NaN;
  return delta;
}
