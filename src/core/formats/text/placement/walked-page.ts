import type { PlacementRule, Proposal } from './rule.ts';
import { walk } from './walk.ts';

/** Any page that the tables placed so far map. */
export const walkedPage: PlacementRule = ({ memory, open, roots }) =>
  open.flatMap((page): Proposal[] => {
    for (const root of roots) {
      const walked = walk(memory, root, page % root.mode.pageCount);
      if (walked !== undefined) return [{ page, frame: walked.frame, reason: `Walked: ${walked.way}.` }];
    }
    return [];
  });
