import { commas, hex, virtualHex } from '#core/base/hex.ts';
import { FRAME_BYTES } from '#core/memory/address.ts';
import { PS, RW, US } from '#core/paging/entry.ts';
import type { PagingModeId, Root } from '#core/paging/mode.ts';
import { pagingMode } from '#core/paging/modes.ts';
import type { Survey } from './count-tables.ts';
import { isHopeless } from './survey.ts';

/** A root found in memory, with what speaks for it. */
export interface FoundRoot extends Root {
  /** Sum of what speaks for it less what speaks against; see `judge`. Compare within one scan only. */
  readonly score: number;
  /** True where independent facts agree, so that chance or a data structure is out of the question. */
  readonly verified: boolean;
  /** Reasons with numbers, strongest first; then what is odd. Sentences. */
  readonly reason: string;
  readonly userLeaves: number;
  readonly leaves: number;
  readonly tables: number;
  /** Lowest page that maps the root's own frame. */
  readonly ownPage?: number;
  /** Machine address of the other half, where page-table isolation keeps two. */
  readonly pair?: number;
}

/** What lies around a candidate, and which others agree with it. */
export interface Company {
  /** Other candidates whose highest table is the same. */
  readonly sharing: number;
  /** Other present entries of the frame that a PAE root lies in, outside any such root, where that frame looks like a page table. */
  readonly around: number;
  /** A PAE root's frame is an upper table of a root of 4 or 5 levels. */
  readonly inner: boolean;
  /** The other half of a pair that Linux keeps against Meltdown. */
  readonly pair?: Pair;
}

/** Page-table isolation: two neighbouring frames, the even one of the kernel, the odd one of the user (Linux arch/x86/mm/pti.c, PTI_PGTABLE_SWITCH_BIT). */
export interface Pair {
  readonly address: number;
  /** What the pair shares: tables of the user's half. */
  readonly shared: number;
}

interface Point {
  readonly score: number;
  readonly text: string;
}

/** Score from which two or more independent facts agree (no single fact gives so much). */
const ENOUGH = 4;
/** Leaves in order: fewer happen in any heap. */
const LONG_RUN = 16;

/** Undefined where the tables below do not hold together. */
export function judge(root: Root, survey: Survey, company: Company): FoundRoot | undefined {
  if (survey.present === 0 || survey.leaves === 0 || isHopeless(survey)) return undefined;
  if (root.mode === 'pae' && survey.rootWrong > 0) return undefined;
  const mode = modeOf(root, survey, company);
  const facts = [...factPoints(root, survey), ...companyPoints(survey, company), ...pairPoints(root, company)];
  const points = [...shapePoints(root, survey), ...facts, ...oddPoints({ ...root, mode }, survey, company)];
  const score = points.reduce((sum, point) => sum + point.score, 0);
  const words = points.filter(({ text }) => text !== '').sort((a, b) => b.score - a.score);
  return {
    address: root.address,
    mode,
    score,
    verified: score >= ENOUGH,
    reason: `${words.map(({ text }) => text).join('; ')}.`,
    ...{ userLeaves: survey.userLeaves, leaves: survey.leaves, tables: survey.tables },
    ...(survey.ownPage !== undefined && { ownPage: survey.ownPage }),
    ...(company.pair && { pair: company.pair.address }),
  };
}

/** RW and US in all four PDPTEs, alone in a page: a 64-bit Xen walks them as a level-3 table (reference 1.4). */
function modeOf({ address, mode }: Root, survey: Survey, company: Company): PagingModeId {
  const underXen = mode === 'pae' && address % FRAME_BYTES === 0 && company.around === 0 && (survey.allFlags & (RW | US)) === (RW | US);
  return underXen ? 'pae-under-xen64' : mode;
}

function shapePoints({ mode }: Root, { tables, empty, absent, wrong, present, upper }: Survey): Point[] {
  const { rootEntries } = pagingMode(mode);
  const others = [empty > 0 && `${commas(empty)} with no entry present`, absent > 0 && `${commas(absent)} not in this dump`].filter(Boolean);
  const besides = others.length > 0 ? ` (and ${others.join(', ')})` : '';
  return [
    {
      score: tables >= 4 && wrong === 0 && tables > absent ? 1 : 0,
      text: `${present} of ${commas(rootEntries)} entries present, ${commas(tables)} page ${tables === 1 ? 'table' : 'tables'} below${besides}`,
    },
    { score: upper > 0 ? 1 : -1, text: upper > 0 ? '' : 'nothing in its upper half, where kernels live' },
    { score: absent > 4 * tables ? -4 : 0, text: '' },
  ];
}

function factPoints({ mode }: Root, { ownPage, longestRun, selfSlots, inside, leaves }: Survey): Point[] {
  const bits = pagingMode(mode).virtualBits;
  const share = inside / Math.max(1, leaves);
  return [
    ...(ownPage === undefined ? [] : [{ score: 3, text: `it maps its own frame, at ${virtualHex(ownPage, 0, bits)}` }]),
    ...(selfSlots.length === 0 ? [] : [{ score: 3, text: `slot ${selfSlots[0]} names the root itself` }]),
    ...(longestRun < LONG_RUN ? [] : [{ score: 2, text: `${commas(longestRun)} neighbouring entries map memory in order` }]),
    { score: leaves >= 16 && share > 0.9 ? 1 : 0, text: `${commas(inside)} of ${commas(leaves)} pages looked at lie in this image` },
  ];
}

function companyPoints({ topTable, topSlot }: Survey, { sharing }: Company): Point[] {
  if (sharing === 0 || topTable === undefined) return [];
  const others = sharing === 1 ? '1 other root' : `${commas(sharing)} other roots`;
  return [{ score: 2, text: `slot ${topSlot} names table ${hex(topTable)}, as in ${others}` }];
}

function pairPoints({ address }: Root, { pair }: Company): Point[] {
  if (!pair) return [];
  const tables = `${commas(pair.shared)} user ${pair.shared === 1 ? 'table' : 'tables'}`;
  const half = address < pair.address ? 'kernel half' : 'user half';
  return [{ score: 2, text: `${half} of a pair (page-table isolation): the other at ${hex(pair.address)} has the same ${tables}` }];
}

/** Bits that a native PDPTE keeps clear. A is QEMU's mark and counts for nothing. */
const NOT_NATIVE = RW | US | 0x40 | PS | 0x100;
/** Present entries elsewhere in its frame that a PAE root may have: what an allocator left of former roots. */
const LEFT_OVER = 8;
/** So many are a page table beyond doubt. */
const MANY = 64;

function oddPoints({ mode, address }: Root, survey: Survey, { around, inner }: Company): Point[] {
  const { wrong, rootWrong } = survey;
  const lost = wrong === 1 ? '1 entry leads' : `${commas(wrong)} entries lead`;
  const wrongPoints = wrong === 0 ? [] : [{ score: rootWrong > 0 ? -2 : -1, text: `${lost} to what is no table` }];
  if (mode === '32-bit') return [...wrongPoints, ...repeatPoints(survey)];
  if (mode !== 'pae' && mode !== 'pae-under-xen64') return wrongPoints;
  const piece = `${commas(around)} more entries around it in its frame: it may be a piece of a page table`;
  return [
    ...wrongPoints,
    ...(around > LEFT_OVER ? [{ score: around > MANY ? -8 : -4, text: piece }] : []),
    ...flagPoints(mode, address, survey),
    ...(inner && !isXenGuests({ mode, address }, survey) ? [{ score: -6, text: 'its frame is a table of a root of more levels' }] : []),
  ];
}

/** Small numbers, as glyphs and tables of codes are made of, name few frames over and over. Wide roots may do so: KASAN's shadow of zeros. */
function repeatPoints({ repeats, present }: Survey): Point[] {
  const text = `${commas(repeats)} of its entries name a table that another names`;
  return repeats * 2 > present ? [{ score: -2, text }] : [];
}

function flagPoints(mode: PagingModeId, address: number, { anyFlags }: Survey): Point[] {
  if (mode === 'pae-under-xen64') return [{ score: 0, text: 'RW and US are set in its entries, as a 64-bit Xen sets them' }];
  if ((anyFlags & NOT_NATIVE) === 0) return [];
  const text = 'its entries have bits that native ones keep clear';
  // MOV to CR3 refuses them (SDM 3A 4.4.1), and a 64-bit Xen, which does not, has a page for each root (reference 1.4).
  if ((anyFlags & (RW | US)) === 0 || address % FRAME_BYTES === 0) return [{ score: -4, text }];
  return [{ score: -8, text: `${text}, and it begins within a page: it may be a piece of a table of more levels` }];
}

/**
 * A guest's own root below a 64-bit Xen's monitor table: it reaches the top of 4 GB, and maps itself, but not at its own machine address
 * as the tables do that a kernel boots with.
 */
const isXenGuests = ({ mode, address }: Root, { topSlot, ownPage }: Survey): boolean =>
  mode === 'pae-under-xen64' && topSlot === 3 && ownPage !== undefined && ownPage !== Math.floor(address / FRAME_BYTES);
