import { quietTask, type Task } from '#core/base/task.ts';
import type { OpenedDump } from '#core/formats/format.ts';
import type { LayoutSpan } from '#core/layouts/layout.ts';
import { m2pSpanOf } from '#core/layouts/spans.ts';
import { FRAME_BYTES, MACHINE_END, machineAddress } from '#core/memory/address.ts';
import type { MemoryImage } from '#core/memory/memory-image.ts';
import { fetchTables } from '#core/tables/fetch-tables.ts';
import { walk } from '#core/tables/walk.ts';
import { unfoldCr3 } from '#core/xen/folded-cr3.ts';
import { invertP2m, mfnOf, type P2m, type PfnByMfn, pfnOf } from '#core/xen/frame-numbers.ts';
import { type MappedStretch, mappedStretches } from '#core/xen/guest-memory.ts';
import { pageOf, readFrameLists, readLinearP2m, readMfnList } from '#core/xen/guest-p2m.ts';
import { findLandmarks, type Landmarks } from '#core/xen/landmarks.ts';
import { kindOfM2pWord, M2P_MEANING, type M2p, m2pWord } from '#core/xen/m2p.ts';
import { findM2pWindow, type M2pSpan, type M2pWindow, readM2p } from '#core/xen/m2p-window.ts';
import { parseSharedInfo, type SharedInfo } from '#core/xen/shared-info.ts';
import type { StartInfo } from '#core/xen/start-info.ts';
import type { OpenedRoot } from './opened-root.ts';
import type { RootAtlas } from './root-atlas.ts';

/** What tells guest frames from machine frames under one root, and the structures it was found by. */
export interface XenTables {
  /** In the order they are believed: the dump's index; then those of the guest, the fullest first. */
  readonly p2ms: readonly P2m[];
  /** The first of them, the other way round. */
  readonly pfns?: PfnByMfn;
  readonly window?: M2pWindow;
  readonly m2p?: M2p;
  readonly startInfo?: StartInfo;
  readonly sharedInfo?: SharedInfo;
}

/** What all the rest is found from. */
export type XenStart = Pick<XenTables, 'window' | 'startInfo'>;

/**
 * The M2P's window, and start_info where the builder put it: a few hundred frames are read. Undefined where neither the dump nor the
 * root's layout is Xen's: then there is but one number for a frame.
 */
export async function findXenStart(dump: OpenedDump, atlas: RootAtlas): Promise<XenStart | undefined> {
  const { root } = atlas;
  const window = findM2pWindow(root.forest, m2pSpans(atlas));
  if (!window && !dump.frameNumbers) return undefined;
  const { startInfo } = await findLandmarks(dump.image, framesNearTables(root, dump.frameNumbers), quietTask);
  return { ...(window && { window }), ...(startInfo && { startInfo }) };
}

/** The tables that the start leads to. */
export async function openXenTables(dump: OpenedDump, root: OpenedRoot, start: XenStart, task: Task): Promise<XenTables> {
  const { window, startInfo } = start;
  const found = startInfo ? await foundByStartInfo(dump.image, root, startInfo, task) : { p2ms: [] };
  const p2ms = [...(dump.frameNumbers ? [dump.frameNumbers] : []), ...found.p2ms];
  const m2p = window && (await readM2p(dump.image, root.forest, window, task));
  return { ...start, ...found, p2ms, ...(p2ms[0] && { pfns: invertP2m(p2ms[0]) }), ...(m2p && { m2p }) };
}

/** What start_info leads to. */
export async function foundByStartInfo(
  image: MemoryImage,
  root: OpenedRoot,
  startInfo: StartInfo,
  task: Task,
): Promise<Pick<XenTables, 'p2ms' | 'sharedInfo'>> {
  const list = await readMfnList(image, root.forest, startInfo, task);
  const [piece] = await image.read([{ start: machineAddress(startInfo.sharedInfoFrame * FRAME_BYTES), length: FRAME_BYTES }]);
  const isHeld = piece?.presence.every(({ presence }) => presence === 'held');
  if (!piece || !isHeld) return { p2ms: list ? [list] : [] };
  const sharedInfo = parseSharedInfo(startInfo.sharedInfoFrame, piece.bytes, startInfo.wordBytes);
  const lists = await readFrameLists(image, sharedInfo, startInfo.wordBytes);
  const linear = await linearP2mOf(image, root, sharedInfo, startInfo.wordBytes, task);
  // The one that knows most frames first: a guest that has grown since its boot is told by what it keeps now.
  const p2ms = [list, lists, linear].filter((p2m) => p2m !== undefined).sort((one, other) => other.count - one.count);
  return { p2ms, sharedInfo };
}

/** By the root in use, which has the kernel's half as a rule; else by the root that the guest names for it. */
async function linearP2mOf(image: MemoryImage, root: OpenedRoot, info: SharedInfo, wordBytes: 4 | 8, task: Task): Promise<P2m | undefined> {
  const here = await readLinearP2m(image, root.forest, info, wordBytes, task);
  if (here || !info.linearP2m) return here;
  const { low, high } = info.linearP2m.cr3;
  const address = wordBytes === 8 ? high * 2 ** 32 + low : unfoldCr3(low) * FRAME_BYTES;
  if (address === root.choice.address || address >= MACHINE_END) return undefined;
  const forest = await fetchTables(image, { address, mode: wordBytes === 8 ? '4-level' : 'pae' }, root.choice.features, task);
  return readLinearP2m(image, forest, info, wordBytes, task);
}

const m2pSpans = ({ layout }: RootAtlas): M2pSpan[] => layout.spans.flatMap((span) => m2pSpanOf(span) ?? []);

/** Pages around the boot tables in which the builder put start_info. */
const PAGES_AROUND_TABLES = 64;
/** The root and its PDs; a debug Xen's root may be a copy in its own heap, seen nowhere near. */
const TABLES_LOOKED_AROUND = 5;

/** Frames near the first tables, nearest first: in guest order by the dump's own index, else by where the tables are mapped. */
function framesNearTables(root: OpenedRoot, p2m: P2m | undefined): number[] {
  const { store } = root.forest;
  const near = Array.from({ length: 2 * PAGES_AROUND_TABLES }, (_, i) => (i % 2 === 0 ? -1 : 1) * Math.ceil((i + 1) / 2));
  const frames = Array.from({ length: Math.min(store.count, TABLES_LOOKED_AROUND) }, (_, table) => store.frame(table)).flatMap((frame) => {
    const pfn = p2m?.mfns.indexOf(frame) ?? -1;
    if (p2m && pfn >= 0) return near.flatMap((step) => mfnOf(p2m, pfn + step) ?? []);
    const page = root.pageSeeing(frame);
    return page === undefined ? [] : near.flatMap((step) => frameAt(root, page + step) ?? []);
  });
  return [...new Set(frames)];
}

export function frameAt(root: OpenedRoot, page: number): number | undefined {
  if (page < 0 || page >= root.mode.pageCount) return undefined;
  const { end } = walk(root.forest, page);
  return end.kind === 'mapped' ? end.frame : undefined;
}

/** Frames of the guest looked through for start_info and the hypercall page, from the top down: 64 MB. */
const MOST_DOWNWARD = 16_384;
/** And for start_info alone from the bottom up: 1 GB. */
const MOST_UPWARD = 262_144;

/**
 * Looks through the guest's own mapped pages, those in no span of Xen's. The kernel, where both are, lies high; in 64 bits above Xen. A Linux
 * unmaps there what its builder left behind the kernel, start_info too, and keeps it in its direct map, low, as PFNs go. Long: for a
 * report, not for every row.
 */
export async function scanGuest(image: MemoryImage, atlas: RootAtlas, task: Task, hasStartInfo: boolean): Promise<Landmarks> {
  const frames = new Set<number>();
  const stretches = guestStretches(atlas);
  for (const { frame, pages } of stretches.reverse()) addFrames(frames, frame, pages, MOST_DOWNWARD);
  const high = await findLandmarks(image, [...frames], task, true);
  if (high.startInfo || hasStartInfo) return high;
  const looked = frames.size;
  for (const { frame, pages } of stretches.reverse()) addFrames(frames, frame, pages, looked + MOST_UPWARD);
  return { ...(await findLandmarks(image, [...frames].slice(looked), task)), ...high };
}

const guestStretches = ({ root, layout }: RootAtlas): MappedStretch[] =>
  guestPages({ root, layout }).flatMap(({ firstPage, pageCount }) => mappedStretches(root.forest, firstPage, pageCount));

function addFrames(frames: Set<number>, first: number, count: number, most: number): void {
  for (let i = 0; i < count && frames.size < most; i++) frames.add(first + i);
}

/** The pages of a space that are in no span of Xen's, low to high. */
export const guestPages = ({ root, layout }: Pick<RootAtlas, 'root' | 'layout'>): PageSpan[] => gapsBetween(xensSpans(layout), root.mode.pageCount);

/** Pages at which PFN 0 would be mapped: the builder maps a guest's frames in order, and start_info says where it put the root table. */
export function basePages({ root, layout }: Pick<RootAtlas, 'root' | 'layout'>, tables: XenTables): readonly number[] {
  const page = tables.startInfo && pageOf(tables.startInfo.ptBase, root.mode.virtualBits);
  const frame = page === undefined ? undefined : frameAt(root, page);
  const pfn = frame === undefined ? undefined : guestFrameOf(tables, frame);
  const built = page === undefined || pfn === undefined ? [] : [page - pfn];
  return [...new Set([...built, ...(layout.guestBasePage === undefined ? [] : [layout.guestBasePage])])];
}

type PageSpan = Pick<LayoutSpan, 'firstPage' | 'pageCount'>;

const xensSpans = ({ spans }: RootAtlas['layout']): PageSpan[] =>
  spans.filter(({ side }) => side === 'Xen').sort((one, other) => one.firstPage - other.firstPage);

/** What ascending spans leave of [0, end), low to high. */
function gapsBetween(spans: readonly PageSpan[], end: number): PageSpan[] {
  const gaps: PageSpan[] = [];
  let from = 0;
  for (const { firstPage, pageCount } of [...spans, { firstPage: end, pageCount: 0 }]) {
    if (firstPage > from) gaps.push({ firstPage: from, pageCount: firstPage - from });
    from = Math.max(from, firstPage + pageCount);
  }
  return gaps;
}

/** Why a machine frame has no number of the guest's own; undefined where it has one, or the dump cannot say. */
export function noGuestFrame({ m2p }: XenTables, mfn: number): string | undefined {
  const kind = kindOfM2pWord(m2p && m2pWord(m2p, mfn));
  return kind === 'valid' || kind === 'unknown' ? undefined : M2P_MEANING[kind];
}

/** The guest's own number of a machine frame; undefined where the frame is not the guest's, or nothing tells. */
export function guestFrameOf({ pfns, m2p }: XenTables, mfn: number): number | undefined {
  if (pfns) return pfnOf(pfns, mfn);
  const word = m2p && m2pWord(m2p, mfn);
  return word !== undefined && kindOfM2pWord(word) === 'valid' ? word : undefined;
}
