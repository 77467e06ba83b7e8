import { hex } from '#core/base/hex.ts';
import { isPresent } from '#core/paging/entry.ts';
import type { PagingMode } from '#core/paging/mode.ts';
import type { PlacementRule, PlacementState, Proposal } from './rule.ts';
import { slotOf } from './walk.ts';

/**
 * A table that maps itself: its own virtual address leads through the same slot at every level, so the entry at that slot names the frame it
 * is in. Windows and the BSDs keep such a slot; so does Xen's linear page table.
 */
export const selfMappedPage: PlacementRule = ({ memory, mode, open }: PlacementState) =>
  open.flatMap((page): Proposal[] => {
    const slot = commonSlot(mode, page);
    const word = slot === undefined ? undefined : memory.wordOfPage(page, slot * mode.entryBytes, mode.entryBytes);
    if (word === undefined || !isPresent(word.low)) return [];
    const frame = mode.entryBytes === 4 ? word.low >>> 12 : (word.high & 0xf_ffff) * 0x10_0000 + (word.low >>> 12);
    if (frame === 0) return [];
    return [
      {
        page,
        frame,
        reason: `It maps itself: its address leads through slot ${slot} at every level, and its entry ${slot} (line ${word.line}) names frame ${hex(frame)}.`,
      },
    ];
  });

/** The slot that the page's address has at every level of whole tables (a PAE root is none); undefined if they differ. */
export function commonSlot(mode: PagingMode, page: number): number | undefined {
  const slots = mode.levels.filter(({ indexBits }) => indexBits > 2).map((level) => slotOf(level, page));
  return slots.every((slot) => slot === slots[0]) && slots[0] !== 0 ? slots[0] : undefined;
}
