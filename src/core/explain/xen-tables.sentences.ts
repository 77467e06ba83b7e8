import { bytesText, commas } from '#core/base/hex.ts';
import type { LayoutSpan } from '#core/layouts/layout.ts';
import { slotFor } from './entry-runs.ts';
import type { ExplainInput } from './explain-input.ts';
import type { RankedSentence, RankedTitle, SentenceRule } from './sentence-rule.ts';
import { TELLS } from './sentence-rule.ts';
import { firstMappedPage, mappedPages, spanAt, spansOf } from './spans.ts';
import { capitalised, frameLink, say, sentence, slotsText, virtualText } from './words.ts';

/**
 * Xen's tables indexed by machine frame tell how much memory the machine has: the M2P from above (whole superpages of it are
 * mapped), the frame table likewise (reference 1.1 and 1.5 note 3).
 */
function xenTables(input: ExplainInput): readonly RankedSentence[] {
  const span = spanAt(input, input.translation.address.page);
  if (!span?.bytesPerFrame) return [];
  const other = counterpart(input, span);
  return [...bound(input, span, other), ...recordOf(input, span)];
}

/** The frame table for an M2P and the other way round. */
function counterpart(input: ExplainInput, span: LayoutSpan): LayoutSpan | undefined {
  return spansOf(input, span.role === 'm2p' ? 'frame-table' : 'm2p').find((at) => mappedPages(input, at) > 0);
}

/** Most frames that the mapped part of such a table can speak of. */
function mostFrames(input: ExplainInput, span: LayoutSpan): number {
  return Math.floor((mappedPages(input, span) * 4096) / (span.bytesPerFrame ?? 1));
}

function bound(input: ExplainInput, span: LayoutSpan, other: LayoutSpan | undefined): readonly RankedSentence[] {
  const bytes = mappedPages(input, span) * 4096;
  const frames = mostFrames(input, span);
  if (frames === 0) return [];
  const unit = span.role === 'm2p' ? `of ${span.bytesPerFrame}-byte words` : `at ${span.bytesPerFrame} bytes a frame`;
  const agrees = other ? ` ${agreement(input, span, other)}` : '';
  const parts = say`${slotsOf(input, span)}: ${bytesText(bytes)} ${unit}, so at most ${commas(frames)} frames, ${bytesText(frames * 4096)}.${agrees}`;
  return [sentence(TELLS.purpose, 'computed', parts)];
}

/** The directory slots that are present in the span, as one run: "Slots 428 and 429". */
function presentSlots(input: ExplainInput, span: LayoutSpan): { readonly first: number; readonly last: number } | undefined {
  const depth = input.mode.levels.length - 2;
  const step = input.mode.levels[depth]?.pagesPerEntry ?? 1;
  const slots: number[] = [];
  if (span.pageCount / step > 512) return undefined;
  for (let page = span.firstPage; page < span.firstPage + span.pageCount; page += step) {
    const { path, slot } = slotFor(input, page, depth);
    if (input.facts.entry(path, slot)?.present) slots.push(slot);
  }
  const [first] = slots;
  const last = slots.at(-1);
  return first === undefined || last === undefined || last - first + 1 !== slots.length ? undefined : { first, last };
}

function slotsOf(input: ExplainInput, span: LayoutSpan): string {
  const run = presentSlots(input, span);
  return run ? capitalised(slotsText(run.first, run.last)) : capitalised(span.name);
}

/** Each table is mapped by whole superpages, so each tells a range (one superpage less, at the least); the two must overlap. */
function agreement(input: ExplainInput, span: LayoutSpan, other: LayoutSpan): string {
  const [low, high] = range(input, span);
  const [otherLow, otherHigh] = range(input, other);
  const agrees = low < otherHigh && otherLow < high ? 'agrees' : 'does not agree';
  const name = other.role === 'm2p' ? 'M2P' : 'frame table';
  const bytes = bytesText(mappedPages(input, other) * 4096);
  return `The ${name} ${agrees}: ${bytes} at ${other.bytesPerFrame ?? 0} bytes a frame is ${commas(otherHigh)}.`;
}

function range(input: ExplainInput, span: LayoutSpan): readonly [number, number] {
  const most = mostFrames(input, span);
  const superpage = ((input.mode.levels.at(-2)?.pagesPerEntry ?? 1) * 4096) / (span.bytesPerFrame ?? 1);
  return [Math.max(0, most - superpage), most];
}

/** Which frame the selected record is of; an M2P’s words have sentences of their own. */
function recordOf(input: ExplainInput, span: LayoutSpan): readonly RankedSentence[] {
  const { address, outcome } = input.translation;
  if (outcome.kind !== 'mapped' || !span.bytesPerFrame || span.role === 'm2p') return [];
  const start = firstMappedPage(input, span);
  const frame = Math.floor(((address.page - start) * 4096 + address.offset) / span.bytesPerFrame);
  const how = `(VA − ${virtualText(input, start)}) / ${span.bytesPerFrame}`;
  return [sentence(TELLS.place + 5, 'computed', say`This record is of machine frame ${frameLink(frame)}: ${how}.`)];
}

function title(input: ExplainInput): RankedTitle | undefined {
  const span = spanAt(input, input.translation.address.page);
  const { outcome, rights } = input.translation;
  if (span?.role === 'frame-table') return { weight: 60, text: 'Xen’s frame table' };
  if (span?.role !== 'm2p') return undefined;
  const alias = outcome.kind !== 'mapped' ? 'its reserved span' : rights.write ? 'Xen’s writable alias' : 'the guest’s read-only alias';
  return { weight: 60, text: `machine-to-physical table (M2P), ${alias}` };
}

export default { sentences: xenTables, title } satisfies SentenceRule;
