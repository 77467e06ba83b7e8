import { hexWord64 } from '#core/base/hex.ts';
import { m2pSpanOf } from '#core/layouts/spans.ts';
import { virtualPage } from '#core/memory/address.ts';
import type { Presence } from '#core/memory/presence.ts';
import { kindOfM2pWord, type M2pWordKind, narrowM2pWord } from '#core/xen/m2p.ts';
import { type M2pBase, m2pWordPlace } from '#core/xen/m2p-place.ts';
import { m2pBase } from '#core/xen/m2p-window.ts';
import type { ExplainInput } from './explain-input.ts';
import { firstMappedPage, mappedPages, spanAt, spansOf } from './spans.ts';

/** A word of the table. */
export interface M2pWord {
  readonly low: number;
  readonly high: number;
  readonly presence: Presence;
  readonly line?: number;
}

/** A machine frame of the guest’s own and the guest frame it should be. */
export interface OwnFrame {
  readonly frame: number;
  readonly guestFrame: number;
}

/** The table that a page lies in; undefined where it lies in none. */
export function m2pAround(input: ExplainInput, page: number): M2pBase | undefined {
  const span = spanAt(input, page);
  const m2p = span && m2pSpanOf(span);
  return m2p && m2pBase(m2p, firstMappedPage(input, span));
}

/** The table that a guest reads: the lowest that is mapped. */
export function guestM2p(input: ExplainInput): M2pBase | undefined {
  const span = spansOf(input, 'm2p').find((at) => mappedPages(input, at) > 0);
  return span && m2pAround(input, span.firstPage);
}

/** The word of a frame, where the session was asked for its page. */
export function wordOf(input: ExplainInput, m2p: M2pBase, frame: number): M2pWord | undefined {
  const { page, offset } = m2pWordPlace(m2p, frame);
  const known = input.facts.bytesOf(page);
  const run = known?.presence.find((at) => offset >= at.offset && offset < at.offset + at.length);
  if (!known || !run) return undefined;
  const view = new DataView(known.bytes.buffer, known.bytes.byteOffset, known.bytes.byteLength);
  const high = m2p.bytesPerWord === 8 ? view.getUint32(offset + 4, true) : 0;
  return { low: view.getUint32(offset, true), high, presence: run.presence, ...(run.line !== undefined && { line: run.line }) };
}

/** What a word says, by the rules that the tables' cross-check uses too. */
export const meaningOf = ({ low, high }: Pick<M2pWord, 'low' | 'high'>, width: M2pBase['bytesPerWord']): M2pWordKind =>
  kindOfM2pWord(width === 4 ? low : narrowM2pWord(low, high));

export function wordDigits({ low, high }: Pick<M2pWord, 'low' | 'high'>, width: M2pBase['bytesPerWord']): string {
  const digits = hexWord64(high, low);
  return width === 8 ? digits : digits.slice(8);
}

/** Frames that this root itself proves to be the guest’s: the root table, and what lies at the kernel’s base. */
export function ownFrames(input: ExplainInput): readonly OwnFrame[] {
  const base = input.layout.guestBasePage;
  if (base === undefined) return [];
  const rootFrame = Math.floor(input.root.address / 4096);
  const atBase = input.facts.translate({ page: virtualPage(base), offset: 0 }).outcome;
  const pairs = [
    { frame: rootFrame, page: pageOfRoot(input, rootFrame) },
    { frame: atBase.kind === 'mapped' ? atBase.frame : undefined, page: base },
  ];
  return pairs.flatMap(({ frame, page }) => {
    const guestFrame = page === undefined ? undefined : input.facts.expectedGuestFrame(page);
    return frame === undefined || guestFrame === undefined ? [] : [{ frame, guestFrame }];
  });
}

/** Where the text printed the root, or the lowest page that maps it. */
function pageOfRoot(input: ExplainInput, rootFrame: number): number | undefined {
  const printed = input.image.inferences.find((inference) => inference.frame === rootFrame);
  return printed?.page ?? input.facts.passport(rootFrame).places.at(-1)?.firstPage;
}

/** Pages whose bytes the sentences about one address read: at most four. */
export function pagesWanted(input: ExplainInput): readonly number[] {
  const { address, outcome } = input.translation;
  const around = m2pAround(input, address.page);
  const m2p = guestM2p(input);
  const frames = outcome.kind === 'mapped' && !around ? [outcome.frame] : ownFrames(input).map((own) => own.frame);
  const words = m2p ? frames.map((frame) => m2pWordPlace(m2p, frame).page) : [];
  return [...new Set([...(around ? [address.page] : []), ...words])];
}
