import { hex, virtualHex } from '#core/base/hex.ts';
import type { RecursiveMap } from '#core/paging/recursive-map.ts';
import { READ_ONLY_PDE } from '#core/paging/recursive-map.ts';
import type { AtlasSummary, EntryKind, TableView } from '#core/session/contract.ts';

/** The four page directories of a PAE root, as the planner needs them; every slot a row. */
export type Directories = readonly [TableView, TableView, TableView, TableView];

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
  table: { words: 'taken by a page table', free: 'taken' },
  leaf: { words: 'taken by a large page', free: 'taken' },
  loop: { words: 'taken by a page directory', free: 'taken' },
  'absent-table': { words: 'taken by a page table', free: 'taken' },
};

export function slotState(directory: TableView, slot: number): SlotState {
  const row = directory.rows.find((at) => slot >= at.firstSlot && slot <= at.lastSlot);
  return row ? STATES[row.kind] : STATES['entry-absent'];
}

/** Where the hypervisor’s own part begins, if any part is. */
export function hypervisorPage(atlas: AtlasSummary): number | undefined {
  return atlas.borders.find((border) => border.kind === 'owner')?.page;
}

export interface Acceptance {
  readonly by: string;
  /** True for the layout in view. */
  readonly here: boolean;
  readonly readOnly: boolean;
  readonly words: string;
}

/** Who takes an entry of a page directory that names a page directory, on PAE (Xen’s mm.c of these releases). */
export function acceptances(layoutId: string): readonly Acceptance[] {
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
    {
      by: 'Xen 4.10 on',
      here: layoutId === 'xen-compat',
      readOnly: true,
      words: 'The same, one level deep only, and only with CONFIG_PV_LINEAR_PT or pv-linear-pt.',
    },
    { by: 'no hypervisor', here: !layoutId.startsWith('xen'), readOnly: true, words: 'The kernel writes its own tables, RW too.' },
  ];
}

const entry64 = (value: number): string => `0x${hex(value, 16)}`;

/** First guest frame of the directories where they lie one after another from C0000000, so that P2M can be asked; else undefined. */
function firstGuestFrame(directories: Directories): number | undefined {
  const [first] = directories;
  const follow = directories.every((at, index) => at.seenAt && first.seenAt && at.seenAt.page === first.seenAt.page + index);
  return follow && first.seenAt && first.seenAt.page >= 0xc0000 ? first.seenAt.page - 0xc0000 : undefined;
}

/** What the kernel would run: the PDEs by P2M where it can be asked, else by the frames in view. */
export function planCode(map: RecursiveMap, directories: Directories, isXen: boolean): string {
  const pfn = firstGuestFrame(directories);
  const frames = directories.map((at) => `0x${hex(at.frame)}`).join(', ');
  const source =
    pfn === undefined
      ? `static const uint64_t pd_mfn[4] = { ${frames} };`
      : `/* PD[0] … PD[3] are PFNs ${hex(pfn)}–${hex(pfn + 3)}: P2M gives ${frames} */\n#define pd_mfn (mfn_list + 0x${hex(pfn)})   /* start_info->mfn_list */`;
  const slot = map.entries[0]?.slot ?? 0;
  return `${source}\n\n${isXen ? xenLoop(map, slot) : nativeLoop(map, slot)}

#define PTmap(va)  ((uint64_t *)0x${virtualHex(map.firstPage, 0, 32)} + ((va) >> 12))
#define PTD(va)    ((uint64_t *)0x${virtualHex(map.directoriesPage, 0, 32)} + ((va) >> 21))`;
}

function xenLoop(map: RecursiveMap, slot: number): string {
  const first = map.entries[0];
  return `/* the L3 is pinned (MMUEXT_PIN_L3_TABLE), the directories are mapped read-only */
mmu_update_t u[4];
for (int i = 0; i < 4; i++) {
    u[i].ptr = ((uint64_t)pd_mfn[${map.directory}] << 12) + (${slot} + i) * 8;   /* ${hex(first?.entryAddress ?? 0)} … */
    u[i].val = ((uint64_t)pd_mfn[i] << 12) | 0x${hex(READ_ONLY_PDE, 3)};          /* P, A; never RW */
}
HYPERVISOR_mmu_update(u, 4, NULL, DOMID_SELF);`;
}

function nativeLoop(map: RecursiveMap, slot: number): string {
  return `uint64_t *pd = pd_va[${map.directory}];   /* PD[${map.directory}], where the kernel maps it */
for (int i = 0; i < 4; i++)
    pd[${slot} + i] = ((uint64_t)pd_mfn[i] << 12) | 0x003;   /* P, RW */
load_cr3(read_cr3());`;
}

export { entry64 };
