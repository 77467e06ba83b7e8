import type { Root } from '#core/paging/mode.ts';
import type { PageKind, Questions, Translation } from '#core/session/contract.ts';
import { COVERAGE_COLUMNS, type Coverage, type CoverageWindow } from '#core/session/contract.ts';
import type { Emptiness } from './hex-blocks.ts';

type Cover = (window: CoverageWindow) => Promise<Coverage>;

/** Bins of one question: 2^45 pages are then searched in at most 16 questions each way. */
const BINS = 64;

/**
 * The widest stretch of virtual pages round `page` that are all of its kind (all zero, all elided …), by asking for coverage in ever
 * finer bins. Bounded below and above by `first` and `end`, so that the two halves of a canonical space stay apart.
 */
export async function emptyStretch(questions: Questions, root: Root, page: number, bounds: { first: number; end: number }): Promise<Emptiness> {
  const cover: Cover = async (window) => {
    const [answer] = await questions.coverage(root, [window]);
    if (!answer) throw new Error('coverage answered no window');
    return answer;
  };
  const column = kindColumn(await cover({ firstPage: page, pageCount: 1, bins: 1 }));
  const [above, below] = await Promise.all([
    reach(cover, column, (distance) => page + distance, bounds.end - page),
    reach(cover, column, (distance, width) => page - distance - width + 1, page - bounds.first + 1, true),
  ]);
  return { first: page - below + 1, count: above + below - 1, kind: COVERAGE_COLUMNS[column] as PageKind };
}

/** The seven kinds come first; a page has exactly one. */
function kindColumn({ counts }: Coverage): number {
  const column = counts.subarray(0, 7).findIndex((count) => count > 0);
  return column < 0 ? COVERAGE_COLUMNS.indexOf('zero') : column;
}

/**
 * How many pages from here on, at most `limit`, are of one kind. `windowAt` gives the first page of the window that lies `distance`
 * pages off and is `width` wide; `backwards` reads its bins from the last.
 */
async function reach(
  cover: Cover,
  column: number,
  windowAt: (distance: number, width: number) => number,
  limit: number,
  backwards = false,
): Promise<number> {
  let reached = 0;
  let binPages = 1;
  let growing = true;
  while (reached < limit) {
    const bins = Math.min(BINS, Math.floor((limit - reached) / binPages));
    if (bins === 0) {
      binPages /= BINS;
      growing = false;
      continue;
    }
    const width = bins * binPages;
    const coverage = await cover({ firstPage: windowAt(reached, width), pageCount: width, bins });
    const pure = pureBins(coverage, column, binPages, backwards);
    reached += pure * binPages;
    if (pure === bins) binPages = growing ? binPages * BINS : binPages;
    else if (binPages === 1) return reached;
    else {
      binPages /= BINS;
      growing = false;
    }
  }
  return reached;
}

function pureBins({ counts, bins }: Coverage, column: number, binPages: number, backwards: boolean): number {
  let pure = 0;
  while (pure < bins && counts[(backwards ? bins - 1 - pure : pure) * COVERAGE_COLUMNS.length + column] === binPages) pure++;
  return pure;
}

/** Pages of the large page round a translated address whose frames lie in one gap of the dump; undefined for a 4 KB page. */
export function absentPartOf({ address, outcome }: Translation, gapOf: (frame: number) => Emptiness | undefined): Emptiness | undefined {
  if (outcome.kind !== 'mapped' || outcome.pageFrames === 1) return undefined;
  const gap = gapOf(outcome.frame);
  if (!gap) return undefined;
  const first = Math.max(gap.first, outcome.pageFrame);
  const end = Math.min(gap.first + gap.count, outcome.pageFrame + outcome.pageFrames);
  return { first: address.page - (outcome.frame - first), count: end - first };
}
