import type { Task } from '#core/base/task.ts';
import { machineAddress, virtualPage } from '#core/memory/address.ts';
import type { MemoryImage } from '#core/memory/memory-image.ts';
import { invertP2m } from '#core/xen/frame-numbers.ts';
import { type M2p, PAGE_HELD, PAGE_PARTLY, PAGE_UNMAPPED } from '#core/xen/m2p.ts';
import { type M2pRun, m2pRuns } from '#core/xen/m2p-runs.ts';
import { p2mDifferences } from '#core/xen/p2m-differences.ts';
import type { StartInfo } from '#core/xen/start-info.ts';
import type { FoundPage, XenFacts } from './contract.ts';
import type { M2pTable } from './m2p-table.ts';
import type { PfnSlipTable } from './pfn-slips.ts';
import type { RootAtlas } from './root-atlas.ts';
import { basePages, foundByStartInfo, frameAt, guestFrameOf, scanGuest, type XenTables } from './xen-tables.ts';

/** Runs of the M2P listed at most; a busy host has hundreds of thousands. */
const MOST_RUNS = 2000;

/** What is made of tables once, and kept with them. */
export interface MadeOfTables {
  m2p(tables: XenTables): M2pTable | undefined;
  slips(tables: XenTables): Promise<PfnSlipTable | undefined>;
}

/** Looks for all that a Xen guest has, also by going through the guest's pages. */
export async function xenFacts(image: MemoryImage, atlas: RootAtlas, known: XenTables, made: MadeOfTables, task: Task): Promise<XenFacts> {
  const scanned = await scanGuest(image, atlas, task, known.startInfo !== undefined);
  const tables = known.startInfo || !scanned.startInfo ? known : await withLate(image, atlas, known, scanned.startInfo, task);
  const found = (frame: number): FoundPage => foundPage(image, atlas, tables, frame);
  const { startInfo, sharedInfo, m2p, p2ms } = tables;
  const slips = (await made.slips(tables))?.slips();
  const check = m2p && hasWords(m2p) ? made.m2p(tables)?.check : undefined;
  return {
    p2ms: p2ms.map(({ source, count, mfns }) => ({ source, count, highestPfn: mfns.length - 1 })),
    p2mDifferences: p2mDifferences(p2ms),
    ...m2pFacts(tables),
    ...(startInfo && { startInfo: { ...found(startInfo.frame), wordBytes: startInfo.wordBytes, fields: startInfo.fields } }),
    ...(sharedInfo && { sharedInfo: { ...found(sharedInfo.frame), fields: sharedInfo.fields } }),
    ...(scanned.hypercallFrame !== undefined && { hypercallPage: found(scanned.hypercallFrame) }),
    ...(check && { check }),
    ...(slips && { slips }),
  };
}

/** What a start_info leads to that stands where only the scan looks. */
async function withLate(image: MemoryImage, { root }: RootAtlas, known: XenTables, startInfo: StartInfo, task: Task): Promise<XenTables> {
  const later = await foundByStartInfo(image, root, startInfo, task);
  const p2ms = [...known.p2ms, ...later.p2ms];
  return { ...known, ...later, p2ms, startInfo, ...(p2ms[0] && !known.pfns && { pfns: invertP2m(p2ms[0]) }) };
}

export function foundPage(image: MemoryImage, atlas: RootAtlas, tables: XenTables, frame: number): FoundPage {
  const { root } = atlas;
  const guestFrame = guestFrameOf(tables, frame);
  const built = guestFrame === undefined ? [] : basePages(atlas, tables).map((base) => base + guestFrame);
  const page = built.find((at) => frameAt(root, at) === frame) ?? guestsOwn(atlas, frame);
  const seenAt = page !== undefined ? { page: virtualPage(page), offset: 0 } : root.seenAt(frame, 0);
  const held = image.locate(machineAddress(frame * 4096));
  return { frame, ...(guestFrame !== undefined && { guestFrame }), ...(seenAt && { seenAt }), ...(held && { fileOffset: held.fileOffset }) };
}

/** The highest page at which the guest itself sees a frame: kernels keep what is theirs high, and aliases made for a while lie below. */
function guestsOwn({ root, layout }: RootAtlas, frame: number): number | undefined {
  const isXens = (page: number): boolean =>
    layout.spans.some(({ side, firstPage, pageCount }) => side === 'Xen' && page >= firstPage && page < firstPage + pageCount);
  const pages = root.pagesMapping(frame).plain.filter((page) => !isXens(page));
  return pages.length > 0 ? Math.max(...pages) : undefined;
}

/** True where the dump holds any word of it. */
const hasWords = ({ held }: M2p): boolean => held.includes(PAGE_HELD) || held.includes(PAGE_PARTLY);

function m2pFacts({ window, m2p }: XenTables): Pick<XenFacts, 'm2p'> {
  if (!window || !m2p || !hasWords(m2p)) return {};
  const runs: M2pRun[] = [];
  let runsCut = false;
  for (const run of m2pRuns(m2p)) {
    if (runs.length === MOST_RUNS) {
      runsCut = true;
      break;
    }
    runs.push(run);
  }
  const seenAt = { page: virtualPage(window.firstPage), offset: 0 };
  const heldPages = m2p.held.filter((held) => held === PAGE_HELD || held === PAGE_PARTLY).length;
  const unmappedPages = m2p.held.filter((held) => held === PAGE_UNMAPPED).length;
  return {
    m2p: {
      source: m2p.source,
      seenAt,
      bytesPerWord: window.bytesPerWord,
      entries: window.entries,
      heldPages,
      unmappedPages,
      pages: m2p.held.length,
      runs,
      runsCut,
    },
  };
}
