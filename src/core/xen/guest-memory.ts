import { FRAME_BYTES, machineAddress } from '#core/memory/address.ts';
import type { MemoryImage } from '#core/memory/memory-image.ts';
import type { TableForest } from '#core/tables/fetch-tables.ts';
import { walk } from '#core/tables/walk.ts';

/** Pages of a virtual space that lie in frames one after the other. */
export interface MappedStretch {
  readonly page: number;
  readonly pages: number;
  readonly frame: number;
}

/** Walks done at most to go through a span: a hostile tree may alternate at every page. */
const MOST_WALKS = 400_000;

/** What is mapped in [firstPage, firstPage + pageCount), low to high, large pages whole, holes skipped table by table. */
export function mappedStretches(forest: TableForest, firstPage: number, pageCount: number): MappedStretch[] {
  const end = Math.min(firstPage + pageCount, forest.mode.pageCount);
  const stretches: { page: number; pages: number; frame: number }[] = [];
  let page = firstPage;
  for (let walks = 0; page < end && walks < MOST_WALKS; walks++) {
    const walked = walk(forest, page);
    const last = walked.steps.at(-1);
    const size = forest.shapes[last?.level ?? 0]?.pagesPerEntry ?? 1;
    const pages = Math.min(end, (Math.floor(page / size) + 1) * size) - page;
    const before = stretches.at(-1);
    if (walked.end.kind === 'mapped') {
      const { frame } = walked.end;
      if (before && before.page + before.pages === page && before.frame + before.pages === frame) before.pages += pages;
      else stretches.push({ page, pages, frame });
    }
    page += pages;
  }
  return stretches;
}

/** A page of a virtual stretch: its bytes, or why they are not there. */
export interface VirtualPageBytes {
  readonly page: number;
  /** Undefined where it is not mapped, or not wholly in the dump. */
  readonly bytes?: Uint8Array;
  readonly frame?: number;
}

/** Whole pages by virtual address, in order. */
export async function readVirtualPages(image: MemoryImage, forest: TableForest, firstPage: number, count: number): Promise<VirtualPageBytes[]> {
  const stretches = mappedStretches(forest, firstPage, count);
  const pieces = await image.read(stretches.map(({ frame, pages }) => ({ start: machineAddress(frame * FRAME_BYTES), length: pages * FRAME_BYTES })));
  const result: VirtualPageBytes[] = [];
  for (const [at, { page, pages, frame }] of stretches.entries()) {
    const piece = pieces[at];
    if (!piece) continue;
    const held = heldPages(piece.presence, pages);
    for (let i = 0; i < pages; i++) {
      const bytes = held[i] === 1 ? piece.bytes.subarray(i * FRAME_BYTES, (i + 1) * FRAME_BYTES) : undefined;
      result.push({ page: page + i, frame: frame + i, ...(bytes && { bytes }) });
    }
  }
  return result;
}

/** 1 for each page of which every byte is held or known to be zero. */
function heldPages(presence: Awaited<ReturnType<MemoryImage['read']>>[number]['presence'], pages: number): Uint8Array {
  const held = new Uint8Array(pages).fill(1);
  for (const run of presence) {
    if (run.presence === 'held' || run.presence === 'zero') continue;
    held.fill(0, Math.floor(run.offset / FRAME_BYTES), Math.ceil((run.offset + run.length) / FRAME_BYTES));
  }
  return held;
}
