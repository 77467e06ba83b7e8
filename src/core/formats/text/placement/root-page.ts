import { hex, virtualHex } from '#core/base/hex.ts';
import { FRAME_BYTES } from '#core/memory/address.ts';
import { isPresent } from '#core/paging/entry.ts';
import type { PagingMode } from '#core/paging/mode.ts';
import type { PlacementRule, PlacementState, Proposal, TextRoot } from './rule.ts';
import type { TextMemory, TextWord } from './text-memory.ts';

/** Expressions that name a root in a debugger: start_info's pt_base, Linux's swapper_pg_dir, CR3 … */
const ROOT_WORDS = /pt_base|pgd|pg_dir|pdpt|cr3|pml4|init_top_pgt|init_level4_pgt/i;

/** The page whose words can only be the root's own: a root that is named but not printed by machine address. */
export const rootPage: PlacementRule = (state) => state.roots.flatMap((root) => proposalFor(state, root));

function proposalFor(state: PlacementState, root: TextRoot): Proposal[] {
  const frame = Math.floor(root.address / FRAME_BYTES);
  if (state.memory.hasFrame(frame)) return [];
  const page = root.mode.rootEntries === 4 ? paeRootPage(state, root) : directMapPage(state, root, frame);
  return page === undefined ? [] : [page];
}

/** PAE: four entries of which only P, PWT, PCD and software's bits are set, in a page that shows nothing else. */
function paeRootPage(state: PlacementState, root: TextRoot): Proposal | undefined {
  const offset = root.address % FRAME_BYTES;
  const alike = state.open.filter((page) => holdsPdpt(state.memory, page, offset));
  const told = alike.filter((page) => ROOT_WORDS.test(commandOf(state, page) ?? ''));
  const page = alike.length === 1 ? alike[0] : told.length === 1 ? told[0] : undefined;
  if (page === undefined) return undefined;
  const command = told.includes(page) ? ` at ${wordOf(commandOf(state, page) ?? '')}` : '';
  const frame = Math.floor(root.address / FRAME_BYTES);
  const reason = `${root.origin} names frame ${hex(frame)} as the root (line ${root.line}), and the four words here${command} are PDPTEs.`;
  return { page, frame, reason };
}

const commandOf = (state: PlacementState, page: number): string | undefined => state.commandAbove(state.memory.linesOfPage(page)[0] ?? 0);

/** The expression in "x/4x xen_start_info->pt_base". */
const wordOf = (command: string): string => command.split(' ').at(-1) ?? command;

/** Bits 1, 2, 5 to 8 are reserved in a PDPTE (SDM 3A table 4-8); 64-bit Xen sets 1, 2 and 5 all the same (reference 1.4). */
const RESERVED_LOW = 0x1c0;
const RESERVED_HIGH = 0xfff0_0000;

export function isPdpte({ low, high }: TextWord): boolean {
  return isPresent(low) && (low & RESERVED_LOW) === 0 && (high & RESERVED_HIGH) === 0 && low >>> 12 !== 0;
}

/** Four words, at least one of them a present PDPTE and all others zero or one too, all different; and nothing after them. */
export function holdsPdpt(memory: TextMemory, page: number, offset: number): boolean {
  const words = [0, 1, 2, 3].map((slot) => memory.wordOfPage(page, offset + slot * 8, 8));
  const known = words.filter((word) => word !== undefined);
  const present = known.filter(isPdpte);
  if (known.length < 4 || present.length === 0) return false;
  if (known.some((word) => !isPdpte(word) && (word.low !== 0 || word.high !== 0))) return false;
  if (new Set(present.map(({ low, high }) => `${high}:${low}`)).size < present.length) return false;
  return showsNothingAfter(memory, page, offset + 32);
}

function showsNothingAfter(memory: TextMemory, page: number, offset: number): boolean {
  for (let at = offset; at + 8 <= Math.min(FRAME_BYTES, offset + 64); at += 8) {
    const word = memory.wordOfPage(page, at, 8);
    if (word !== undefined && isPresent(word.low)) return false;
  }
  return true;
}

/** Where kernels map memory one to one, in pages: Linux and BSD on i386 (3:1, 2:2, 1:3), then x86-64 Linux and Xen, low 48 bits. */
const DIRECT_MAPS: Readonly<Record<'narrow' | 'wide', readonly number[]>> = {
  narrow: [0xc0000, 0x80000, 0x40000, 0xb0000],
  wide: [0xffff888000000, 0xffff880000000, 0xffffffff80000, 0xffff830000000],
};

/** The page at which a kernel's direct map would show the root, if it was dumped and has an entry. */
function directMapPage({ memory, open }: PlacementState, root: TextRoot, frame: number): Proposal | undefined {
  const { mode } = root;
  const wanted = directMaps(mode).map((base) => ({ base, page: (base + frame) % mode.pageCount }));
  const hit = wanted.find(({ page }) => open.includes(page) && hasEntry(memory, page, mode));
  if (hit === undefined) return undefined;
  const base = virtualHex(hit.base % mode.pageCount, 0, mode.virtualBits);
  return {
    page: hit.page,
    frame,
    reason: `${root.origin} names frame ${hex(frame)} as the root (line ${root.line}); a direct map at ${base} shows it here.`,
  };
}

const directMaps = (mode: PagingMode): readonly number[] => DIRECT_MAPS[mode.virtualBits > 32 ? 'wide' : 'narrow'];

function hasEntry(memory: TextMemory, page: number, mode: PagingMode): boolean {
  for (let offset = 0; offset < FRAME_BYTES; offset += mode.entryBytes) {
    const word = memory.wordOfPage(page, offset, mode.entryBytes);
    if (word !== undefined && isPresent(word.low)) return true;
  }
  return false;
}
