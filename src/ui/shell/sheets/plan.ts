import { hex, virtualHex } from '#core/base/hex.ts';
import type { PagingMode } from '#core/paging/mode.ts';
import { pagingMode } from '#core/paging/modes.ts';
import { READ_ONLY_ENTRY, type RecursiveMap, recursivePlaces } from '#core/paging/recursive-map.ts';
import type { AtlasSummary, EntryKind, Questions, TableView } from '#core/session/contract.ts';

/** What the planner needs of a root: the tables that the entries name, every slot a row. One of them holds the entries. */
export interface PlanGround {
  readonly mode: PagingMode;
  /** PD[0] … PD[3] in PAE, else the root table. */
  readonly tables: readonly TableView[];
  /** The guest's own numbers of those tables, where all are known. */
  readonly guestFrames?: readonly number[];
}

/** Undefined where the dump lacks a table that is needed. */
export async function planGround(questions: Questions, { root }: AtlasSummary): Promise<PlanGround | undefined> {
  const mode = pagingMode(root.mode);
  const paths = recursivePlaces(mode).entries === 4 ? [[0], [1], [2], [3]] : [[]];
  const views = await Promise.all(paths.map((path) => questions.table(root, path, undefined, true)));
  const tables = views.filter((view) => view !== undefined);
  if (tables.length < paths.length) return undefined;
  const passports = await Promise.all(tables.map(({ frame }) => questions.passport(root, frame)));
  const guestFrames = passports.flatMap(({ guestFrame, expectedGuestFrame }) => guestFrame ?? expectedGuestFrame ?? []);
  return { mode, tables, ...(guestFrames.length === tables.length && { guestFrames }) };
}

/** First entries that are usual: FreeBSD's and NetBSD's on i386, FreeBSD's on amd64. */
const USUAL: Readonly<Record<PagingMode['id'], number>> = { '32-bit': 767, pae: 1532, 'pae-under-xen64': 1532, '4-level': 256, '5-level': 256 };
/** The first slot that a 64-bit Xen leaves to its guest above its own. */
const FIRST_ABOVE_XEN = 272;

export const usualPlace = (mode: PagingMode, isXen: boolean): number => (isXen && mode.virtualBits > 32 ? FIRST_ABOVE_XEN : USUAL[mode.id]);

export interface SlotState {
  readonly words: string;
  /** `unknown`: the dump does not have the entry, or a text left it out. */
  readonly free: 'free' | 'taken' | 'unknown';
}

const STATES: Readonly<Record<EntryKind, SlotState>> = {
  'not-present': { words: 'free: held and zero', free: 'free' },
  'not-zero': { words: 'P clear, but not zero', free: 'taken' },
  elided: { words: 'left out of the text, assumed zero', free: 'unknown' },
  'entry-absent': { words: 'not in this dump', free: 'unknown' },
  table: { words: 'taken by a table', free: 'taken' },
  leaf: { words: 'taken by a large page', free: 'taken' },
  loop: { words: 'taken by a table above: a recursive map is there', free: 'taken' },
  'absent-table': { words: 'taken by a table', free: 'taken' },
};

export function slotState(holder: TableView, slot: number): SlotState {
  const row = holder.rows.find((at) => slot >= at.firstSlot && slot <= at.lastSlot);
  return row ? STATES[row.kind] : STATES['entry-absent'];
}

export interface PageRange {
  readonly firstPage: number;
  readonly endPage: number;
}

/** PML4 slots that a 64-bit Xen keeps from its guests (reference 1.3). */
const XEN_SLOTS = { first: 256, end: 272, pages: 2 ** 27 } as const;

/** The hypervisor's own part of the space, if there is one: the top of 4 GB, or slots 256 to 271 of the PML4. */
export function hypervisorPart({ layout, borders, pageCount }: AtlasSummary, mode: PagingMode): PageRange | undefined {
  if (!layout.isXens) return undefined;
  if (mode.virtualBits > 32) return { firstPage: XEN_SLOTS.first * XEN_SLOTS.pages, endPage: XEN_SLOTS.end * XEN_SLOTS.pages };
  const border = borders.find(({ kind }) => kind === 'owner');
  return border && { firstPage: border.page, endPage: pageCount };
}

export interface Acceptance {
  readonly by: string;
  /** True for the layout in view. */
  readonly here: boolean;
  readonly readOnly: boolean;
  readonly words: string;
}

const LIMITED = 'The same, one level deep only, and only with CONFIG_PV_LINEAR_PT or pv-linear-pt.';
const NATIVE = 'The kernel writes its own tables, RW too.';

/** Who takes an entry of a table that names a table of its own level (Xen's mm.c of these releases, reference 5.3). */
export function acceptances({ id: own, baseId: id = own, isXens }: AtlasSummary['layout'], mode: PagingMode): readonly Acceptance[] {
  const native: Acceptance = { by: 'no hypervisor', here: !isXens, readOnly: true, words: NATIVE };
  return [...(recursivePlaces(mode).entries === 4 ? ofPae(id) : ofOthers(id, mode)), native];
}

function ofPae(layoutId: string): readonly Acceptance[] {
  return [
    {
      by: 'Xen up to 3.0.4',
      here: layoutId === 'xen-pae' || layoutId === 'xen-pae-3.0.0',
      readOnly: false,
      words: 'A frame of type L2 cannot be taken as L1: refused on PAE. Four ordinary page tables that map the tables read-only serve instead.',
    },
    {
      by: 'Xen 3.1 to 4.9',
      here: layoutId === 'xen-pae-3.1',
      readOnly: true,
      words: 'L2 → L2 with RW 0. Pin the L3 first: slot 3’s L2 must have one user when the L3 is checked.',
    },
    { by: 'Xen 4.10 on', here: layoutId === 'xen-compat', readOnly: true, words: LIMITED },
  ];
}

function ofOthers(layoutId: string, mode: PagingMode): readonly Acceptance[] {
  const isWide = mode.virtualBits > 32;
  const words = isWide
    ? 'L4 → L4 with RW 0, in the L4 itself or another validated one; pin the L4 first. Slots 256–271 are Xen’s.'
    : 'L2 → the validated L2, with RW 0; pin the L2 first.';
  const known = layoutId.startsWith('xen-x86');
  return [
    { by: 'Xen up to 4.9', here: known && layoutId !== 'xen-x86-64-4.5', readOnly: true, words },
    ...(isWide ? [{ by: 'Xen 4.10 on', here: layoutId === 'xen-x86-64-4.5', readOnly: true, words: LIMITED }] : []),
  ];
}

export const entryText = (value: number, mode: PagingMode): string => hex(value, mode.entryBytes * 2);

/** What the kernel would run: the entries by P2M where the guest's numbers are known, else by the frames in view. */
export function planCode(map: RecursiveMap, ground: PlanGround, isXen: boolean): string {
  const { mode } = ground;
  const type = mode.entryBytes === 8 ? 'uint64_t' : 'uint32_t';
  const macros = map.levels.map(({ entryName, page, shift }) => {
    const base = virtualHex(page, 0, mode.virtualBits);
    return `#define ${entryName}_OF(va)  ((${type} *)0x${base}${LONG[mode.entryBytes]} + (${translated(mode)} >> ${shift}))`;
  });
  return `${framesCode(ground, type)}\n\n${isXen ? xenLoop(map, ground) : nativeLoop(map, ground, type)}\n\n${macros.join('\n')}`;
}

const LONG = { 4: 'u', 8: 'ul' } as const;

/** The bits of `va` that are translated, in C: sign bits are none. */
function translated({ virtualBits }: PagingMode): string {
  return virtualBits === 32 ? '(va)' : `((va) & (~0ul >> ${64 - virtualBits}))`;
}

function framesCode({ tables, guestFrames }: PlanGround, type: string): string {
  const frames = tables.map(({ frame }) => `0x${hex(frame)}`).join(', ');
  if (!guestFrames) return `static const ${type} table_mfn[${tables.length}] = { ${frames} };`;
  const numbers = guestFrames.map((frame) => `0x${hex(frame)}`).join(', ');
  return `/* ${tables.map(({ name }) => name).join(', ')}: PFNs ${numbers}; P2M gives ${frames} */
static const unsigned long table_pfn[${tables.length}] = { ${numbers} };
#define table_mfn(i) (mfn_list[table_pfn[i]])   /* start_info->mfn_list */`;
}

const frameOf = ({ guestFrames }: PlanGround, index: string): string => (guestFrames ? `table_mfn(${index})` : `table_mfn[${index}]`);

function xenLoop(map: RecursiveMap, ground: PlanGround): string {
  const { mode, tables } = ground;
  const first = map.entries[0];
  return `/* first MMUEXT_PIN_L${mode.levels.length}_TABLE of the root; its tables are mapped read-only */
mmu_update_t u[${tables.length}];
for (int i = 0; i < ${tables.length}; i++) {
    u[i].ptr = ((uint64_t)${frameOf(ground, String(map.holder))} << 12) + (${first?.slot ?? 0} + i) * ${mode.entryBytes};   /* ${hex(first?.entryAddress ?? 0)} … */
    u[i].val = ((uint64_t)${frameOf(ground, 'i')} << 12) | 0x${hex(READ_ONLY_ENTRY, 3)};   /* P, A; never RW */
}
HYPERVISOR_mmu_update(u, ${tables.length}, NULL, DOMID_SELF);`;
}

function nativeLoop(map: RecursiveMap, ground: PlanGround, type: string): string {
  const name = ground.tables[map.holder]?.name ?? 'the table';
  return `${type} *t = table_va;   /* ${name}, where the kernel maps it */
for (int i = 0; i < ${ground.tables.length}; i++)
    t[${map.entries[0]?.slot ?? 0} + i] = ((${type})${frameOf(ground, 'i')} << 12) | 0x003;   /* P, RW */
load_cr3(read_cr3());`;
}
