import { commas, hex } from '#core/base/hex.ts';
import { pageOf } from './guest-p2m.ts';
import type { GuestAddress, StartInfo } from './start-info.ts';
import { fieldNumber } from './struct-field.ts';

/** A piece of a PV guest's memory as its builder laid it out. Pages are of the guest's virtual space. */
export interface BootPiece {
  readonly firstPage: number;
  readonly pageCount: number;
  readonly name: string;
  readonly shortName: string;
  /** Field of start_info that says where, with its number. */
  readonly why: string;
}

/** The guest's virtual space, as far as it is asked. */
export interface BootSpace {
  readonly virtualBits: number;
  /** Page of the guest's first frame, where the layout knows it. */
  readonly basePage: number | undefined;
  /** Machine frame that a page maps. */
  frameAt(page: number): number | undefined;
}

/**
 * The pieces in the builder's order: kernel image, P2M list, start_info, xenstore, console, page tables, boot stack
 * (reference 4.3). Those that start_info does not place are left out; pieces that would overlap an earlier one too.
 */
export function bootPieces(info: StartInfo, space: BootSpace): readonly BootPiece[] {
  const tables = pageAt(info.ptBase, space.virtualBits);
  const tableCount = fieldNumber(info.fields, 'nr_pt_frames');
  const list = listPiece(info, space);
  const built = piece(tables, tableCount, 'Boot page tables', 'Page tables', `start_info.pt_base, ${commas(tableCount)} frames`);
  const fixed = [
    list,
    ...singlePages(info, space, pagesBetween(list && list.firstPage + list.pageCount, tables)),
    built,
    piece(built && built.firstPage + built.pageCount, 1, 'Boot stack', 'Boot stack', 'the page after the boot page tables'),
  ].filter((one) => one !== undefined);
  return disjoint([...fixed, ...kernelImage(space.basePage, fixed)]);
}

function listPiece({ mfnList, nrPages, wordBytes }: StartInfo, { virtualBits }: BootSpace): BootPiece | undefined {
  const why = `start_info.mfn_list: ${commas(nrPages)} words of ${wordBytes} bytes`;
  return piece(pageAt(mfnList, virtualBits), Math.ceil((nrPages * wordBytes) / 4096), 'P2M list', 'P2M', why);
}

/** Pages that start_info names by frame, and its own: looked for where the builder puts them. */
function singlePages(info: StartInfo, space: BootSpace, between: readonly number[]): readonly (BootPiece | undefined)[] {
  const single = (mfn: number, name: string, why: string): BootPiece | undefined =>
    mfn === 0
      ? undefined
      : piece(
          between.find((page) => space.frameAt(page) === mfn),
          1,
          name,
          name,
          why,
        );
  const named = (field: string, name: string): BootPiece | undefined => {
    const mfn = fieldNumber(info.fields, field);
    return single(mfn, name, `start_info.${field} = ${hex(mfn)}`);
  };
  return [
    single(info.frame, 'start_info', 'it begins with the magic'),
    named('store_mfn', 'xenstore ring'),
    named('console.domU.mfn', 'console ring'),
  ];
}

/** Undefined for 0, which stands for none. */
function pageAt(address: GuestAddress, virtualBits: number): number | undefined {
  const page = pageOf(address, virtualBits);
  return page === 0 ? undefined : page;
}

/** Pages that may hold the single pieces between the P2M and the tables. */
const MOST_BETWEEN = 64;

function pagesBetween(from: number | undefined, to: number | undefined): readonly number[] {
  if (from === undefined || to === undefined || to <= from) return [];
  return Array.from({ length: Math.min(MOST_BETWEEN, to - from) }, (_, at) => from + at);
}

/** 16 GB: no builder's piece is larger; a field that says so is no field. */
const MOST_PAGES = 2 ** 22;

function piece(firstPage: number | undefined, pageCount: number, name: string, shortName: string, why: string): BootPiece | undefined {
  return firstPage === undefined || pageCount < 1 || pageCount > MOST_PAGES ? undefined : { firstPage, pageCount, name, shortName, why };
}

/** From the guest's first page up to the first piece behind it (an initrd, if any, lies in it). */
function kernelImage(base: number | undefined, behind: readonly BootPiece[]): readonly BootPiece[] {
  const after = behind.map(({ firstPage }) => firstPage).filter((page) => base !== undefined && page > base);
  const made = base === undefined || after.length === 0 ? undefined : piece(base, Math.min(...after) - base, 'Guest kernel', 'Kernel', KERNEL_WHY);
  return made ? [made] : [];
}

const KERNEL_WHY = 'the kernel’s image, an initrd with it: what the builder put below its first own piece';

type PageSpan = Pick<BootPiece, 'firstPage' | 'pageCount'>;

/** Whether two spans have no page in common. */
export const areApart = (one: PageSpan, other: PageSpan): boolean =>
  one.firstPage + one.pageCount <= other.firstPage || other.firstPage + other.pageCount <= one.firstPage;

function disjoint(pieces: readonly BootPiece[]): readonly BootPiece[] {
  const kept: BootPiece[] = [];
  for (const one of pieces) if (kept.every((other) => areApart(one, other))) kept.push(one);
  return kept.sort((one, other) => one.firstPage - other.firstPage);
}
