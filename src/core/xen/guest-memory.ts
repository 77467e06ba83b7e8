import { FRAME_BYTES, machineAddress } from '#core/memory/address.ts';
import type { MemoryImage, MemoryPiece } from '#core/memory/memory-image.ts';
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
  /** Undefined where it is not wholly in the dump. */
  readonly bytes?: Uint8Array;
  /** Where some of it is: its bytes, and 1 for each that the dump holds. */
  readonly partly?: { readonly bytes: Uint8Array; readonly mask: Uint8Array };
  readonly frame?: number;
}

/** Whole pages by virtual address, in order; those not mapped are left out. */
export async function readVirtualPages(image: MemoryImage, forest: TableForest, firstPage: number, count: number): Promise<VirtualPageBytes[]> {
  const stretches = mappedStretches(forest, firstPage, count);
  const pieces = await image.read(stretches.map(({ frame, pages }) => ({ start: machineAddress(frame * FRAME_BYTES), length: pages * FRAME_BYTES })));
  const result: VirtualPageBytes[] = [];
  for (const [at, { page, pages, frame }] of stretches.entries()) {
    const piece = pieces[at];
    if (!piece) continue;
    const held = heldBytes(piece.presence, pages * FRAME_BYTES);
    for (let i = 0; i < pages; i++) result.push({ page: page + i, frame: frame + i, ...pageBytes(piece.bytes, held, i * FRAME_BYTES) });
  }
  return result;
}

/** 1 for each byte that is held or known to be zero; undefined where all are. */
function heldBytes(presence: MemoryPiece['presence'], length: number): Uint8Array | undefined {
  const missing = presence.filter((run) => run.presence !== 'held' && run.presence !== 'zero');
  if (missing.length === 0) return undefined;
  const held = new Uint8Array(length).fill(1);
  for (const run of missing) held.fill(0, run.offset, run.offset + run.length);
  return held;
}

function pageBytes(all: Uint8Array, held: Uint8Array | undefined, at: number): Pick<VirtualPageBytes, 'bytes' | 'partly'> {
  const bytes = all.subarray(at, at + FRAME_BYTES);
  const mask = held?.subarray(at, at + FRAME_BYTES);
  if (!mask?.includes(0)) return { bytes };
  return mask.includes(1) ? { partly: { bytes, mask } } : {};
}
