import type { BytePage, PageKind } from '#core/session/contract.ts';
import { absenceReason, type Line } from './hex-rows.ts';

/** Pages with nothing to read, side by side for one reason. */
export interface Emptiness {
  readonly first: number;
  readonly count: number;
  /** What the tables say of such virtual pages; undefined for machine memory that the dump does not speak of. */
  readonly kind?: PageKind;
}

/** A stretch of the space drawn as one: a page with its lines, or many pages without bytes in one line. */
export interface Block {
  readonly first: number;
  readonly count: number;
  readonly lines: readonly Line[];
  /** Of an empty stretch, only where one of its pages was read; it tells the reason. */
  readonly page: BytePage | undefined;
  readonly empty?: Emptiness;
}

/** Where blocks come from. What is not known yet is undefined: the pane then shows what it had, and asks. */
export interface PageSource {
  readonly pageCount: number;
  page(number: number): BytePage | undefined;
  /** The known stretch round a page that has no memory behind it. */
  emptiness(page: number): Emptiness | undefined;
  /** Lines of a page that has bytes. */
  lines(page: BytePage): readonly Line[];
  /** Pages that arrive together: only within such a group are absent pages gathered in one bar. */
  readonly groupPages: number;
}

/** True where no byte of the page is known. */
export function isBare(page: BytePage): boolean {
  return page.presence.every((run) => run.presence === 'absent');
}

/** True for a virtual page that no walk reaches: how far that goes is for the tables to tell. */
export const isUnmapped = (page: BytePage): boolean => page.space === 'virtual' && page.frame === undefined && isBare(page);

/** The block that holds a page; undefined while its bytes, or the bounds of its stretch, are under way. */
export function blockAt(source: PageSource, number: number): Block | undefined {
  const page = source.page(number);
  const empty = source.emptiness(number);
  if (empty) return { first: empty.first, count: empty.count, lines: VOID, page, empty };
  if (!page || isUnmapped(page)) return undefined;
  return isBare(page) ? absentFrames(source, page) : { first: number, count: 1, lines: source.lines(page), page };
}

const VOID: readonly Line[] = [{ kind: 'void', offset: 0, length: 0 }];

/** Neighbouring pages whose frames the dump lacks for one reason. */
function absentFrames(source: PageSource, page: BytePage): Block {
  const first = page.page - (page.page % source.groupPages);
  const end = Math.min(first + source.groupPages, source.pageCount);
  let from = page.page;
  let to = page.page + 1;
  while (from > first && sameAbsence(source, page, from - 1)) from--;
  while (to < end && sameAbsence(source, page, to)) to++;
  return { first: from, count: to - from, lines: VOID, page };
}

function sameAbsence(source: PageSource, page: BytePage, number: number): boolean {
  const other = source.page(number);
  if (!other || !isBare(other) || isUnmapped(other) || source.emptiness(number)) return false;
  return absenceReason(page, 0) === absenceReason(other, 0);
}
