import { hex } from '#core/base/hex.ts';
import { FRAME_BYTES } from '#core/memory/address.ts';
import { isPresent } from '#core/paging/entry.ts';
import type { PagingMode } from '#core/paging/mode.ts';
import { levelOf } from '#core/paging/modes.ts';
import type { PlacementRule, PlacementState, Proposal } from './rule.ts';
import { slotOf } from './walk.ts';

/**
 * A table that maps itself: its own virtual address leads through the same slot at every level, so the entry at that slot names the frame it
 * is in. Windows and the BSDs keep such a slot; so does Xen's linear page table. By chance alone one page in 512 looks so in PAE mode, so
 * where the root is known it must agree, and in PAE mode it must be known.
 */
export const selfMappedPage: PlacementRule = (state) =>
  state.open.flatMap((page): Proposal[] => {
    const named = frameAtOwnSlot(state, page);
    if (named === undefined || !agreesWithRoots(state, page, named.frame)) return [];
    const { slot, frame, line } = named;
    const reason = `It maps itself: its address leads through slot ${slot} at every level, and its entry ${slot} (line ${line}) names frame ${hex(frame)}.`;
    return [{ page, frame, reason }];
  });

interface OwnSlot {
  readonly slot: number;
  readonly frame: number;
  readonly line: number;
}

function frameAtOwnSlot({ memory, mode }: PlacementState, page: number): OwnSlot | undefined {
  const slot = commonSlot(mode, page);
  const word = slot === undefined ? undefined : memory.wordOfPage(page, slot * mode.entryBytes, mode.entryBytes);
  if (slot === undefined || word === undefined || !isPresent(word.low)) return undefined;
  const frame = mode.entryBytes === 4 ? word.low >>> 12 : (word.high & 0xf_ffff) * 0x10_0000 + (word.low >>> 12);
  return frame === 0 ? undefined : { slot, frame, line: word.line };
}

/** The frame is the root's, or in PAE mode the one that the root's entry for this address names. */
function agreesWithRoots({ memory, mode, roots }: PlacementState, page: number, frame: number): boolean {
  if (mode.rootEntries !== 4) return roots.length === 0 || roots.some(({ address }) => Math.floor(address / FRAME_BYTES) === frame);
  return roots.some(({ address }) => {
    const entry = memory.wordAt(address + slotOf(levelOf(mode, 0), page) * 8, 8);
    return entry !== undefined && isPresent(entry.low) && entry.high * 0x10_0000 + (entry.low >>> 12) === frame;
  });
}

/** The slot that the page's address has at every level of whole tables (a PAE root is none); undefined if they differ. */
export function commonSlot(mode: PagingMode, page: number): number | undefined {
  const slots = mode.levels.filter(({ indexBits }) => indexBits > 2).map((level) => slotOf(level, page));
  return slots.every((slot) => slot === slots[0]) && slots[0] !== 0 ? slots[0] : undefined;
}
