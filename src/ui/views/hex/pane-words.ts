import { commas, hex, virtualHex, virtualShort } from '#core/base/hex.ts';
import type { BytePage } from '#core/session/contract.ts';
import type { HexPane, Place } from '#ui/state/place.ts';
import { entryFacts, factsSentence, isTable, type Paging, pageOfSlot, slotAt } from './entry-facts.ts';
import { followText } from './HexHead.tsx';
import { lineSentence } from './HexLine.tsx';
import { addressString, addressText } from './hex-address.ts';
import { type Block, blockAt } from './hex-blocks.ts';
import type { Cursor } from './hex-cursor.ts';
import { PAGE_BYTES } from './hex-rows.ts';
import { lineOfByte, type PlacedLine } from './hex-scroll.ts';
import { wordAt, wordText } from './hex-words.ts';
import type { PanePages } from './use-pane-pages.ts';
import { xenSentence, xenWordAt } from './xen-words.ts';

/** The address in a pane's head: of the selection where it is followed and in sight, else of the page that is looked at. */
export function headAddress(pane: HexPane, place: Place, source: PanePages, { mode }: Paging, placed: readonly PlacedLine[]): string {
  const page = placed[0]?.block.first ?? 0;
  const followsByte = !pane.pinned && pane.follows !== 'table' && placed.some(({ block }) => holds(block, source.selectedPage));
  if (followsByte && place.machine === undefined) return virtualHex(place.address.page, place.address.offset, mode.virtualBits);
  if (source.face.space === 'virtual') return virtualShort(page, mode.virtualBits);
  return source.face.space === 'machine' ? hex(page) : addressString(source.face, page, 0);
}

const holds = ({ first, count }: Block, page: number | undefined): boolean => page !== undefined && page >= first && page < first + count;

/** "pinned, frame fb14f, 8-byte words, slots 40–91 of 512". */
export function headCaption(pane: HexPane, source: PanePages, placed: readonly PlacedLine[]): string {
  const page = placed[0]?.block.page;
  if (!page) return followText(pane);
  const { wordBytes } = source.lay(page).shape;
  const frame = page.frame !== undefined && page.space !== 'machine' ? `frame ${hex(page.frame)}` : '';
  const words = wordBytes === 1 ? 'bytes' : `${wordBytes}-byte words`;
  return [followText(pane), frame, words, slotsInSight(page, placed)].filter(Boolean).join(', ');
}

function slotsInSight(page: BytePage, placed: readonly PlacedLine[]): string {
  if (!isTable(page)) return '';
  const lines = placed.filter((p) => p.block.page === page && p.line.length > 0).map((p) => p.line);
  const first = lines[0];
  const last = lines.at(-1);
  if (!first || !last || (first.offset === 0 && last.offset + last.length === PAGE_BYTES)) return '';
  const from = slotAt(page, Math.max(first.offset, page.table.offset));
  const to = slotAt(page, Math.min(last.offset + last.length, page.table.offset + page.table.entries * page.table.entryBytes) - 1);
  return from === undefined || to === undefined ? '' : `slots ${commas(from)}–${commas(to)} of ${commas(page.table.entries)}`;
}

/** The word or line under the keyboard, for a screen reader: the same that the card says. */
export function cursorSentence(source: PanePages, cursor: Cursor, paging: Paging): string {
  const block = blockAt(source, cursor.page);
  const line = block?.lines[lineOfByte(block, cursor.offset)];
  if (!block || !line) return '';
  if (line.kind !== 'row' || !block.page) return lineSentence(block, line, source);
  const slot = isTable(block.page) ? slotAt(block.page, cursor.offset) : undefined;
  if (isTable(block.page) && slot !== undefined) return factsSentence(entryFacts(block.page, slot, paging));
  const size = source.lay(block.page).shape.wordBytes;
  const xen = xenWordAt(block.page, cursor.offset);
  if (xen) return xenSentence(xen);
  return `${addressString(source.face, cursor.page, cursor.offset)}, ${wordText(wordAt(block.page.bytes, cursor.offset, size), size)}`;
}

/** What a word under the pointer is called in the status bar, and the pages that light up with it; undefined where no page maps it. */
export function hoverOf(
  source: PanePages,
  at: Cursor,
): { readonly page: number; readonly offset: number; readonly pageCount: number; readonly words: string } | undefined {
  const page = source.page(at.page);
  if (!page) return undefined;
  const words = hoverWords(source, page, at);
  const slot = isTable(page) ? slotAt(page, at.offset) : undefined;
  if (isTable(page) && slot !== undefined) return { page: pageOfSlot(page, slot), offset: 0, pageCount: page.table.pagesPerEntry, words };
  if (page.virtualPage === undefined) return undefined;
  return { page: page.virtualPage, offset: at.offset, pageCount: 1, words };
}

/** "C03B2F20, slot 484 of PD[3], 8 bytes, line 50". */
function hoverWords(source: PanePages, page: BytePage, at: Cursor): string {
  const { zeros, digits } = addressText(source.face, at.page, at.offset);
  const slot = isTable(page) ? slotAt(page, at.offset) : undefined;
  const run = page.presence.find((r) => at.offset >= r.offset && at.offset < r.offset + r.length);
  const size = source.lay(page).shape.wordBytes;
  const xen = xenWordAt(page, at.offset);
  const parts = [
    source.face.space === 'machine' ? digits : zeros + digits,
    isTable(page) && slot !== undefined ? `slot ${commas(slot)} of ${page.table.name}` : '',
    xen ? xenSentence(xen) : '',
    size === 1 ? '1 byte' : `${size} bytes`,
    run?.line !== undefined ? `line ${commas(run.line)}` : '',
    run?.line === undefined && run?.fileOffset !== undefined
      ? `${page.isUnpacked ? 'unpacked' : 'file'} ${commas(run.fileOffset + at.offset - run.offset)}`
      : '',
  ];
  return parts.filter(Boolean).join(', ');
}
