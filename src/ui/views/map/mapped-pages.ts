import type { Root } from '#core/paging/mode.ts';
import type { Questions } from '#core/session/contract.ts';

/** The space whose pages are asked for. */
export interface AskedSpace {
  readonly questions: Questions | undefined;
  readonly root: Root;
  readonly spacePages: number;
}

/** The first mapped page of [firstPage, firstPage + pageCount); its first page where nothing in it is mapped. */
export async function firstMapped({ questions, root }: AskedSpace, firstPage: number, pageCount: number): Promise<number> {
  const next = await questions?.nextMapped(root, firstPage, 1);
  return next !== undefined && next < firstPage + pageCount ? Math.max(firstPage, next) : firstPage;
}

/** First page of the next mapped stretch above the one that holds `page`, or (-1) of the run that ends below it. */
export async function nextStretch(space: AskedSpace, page: number, direction: 1 | -1): Promise<number | undefined> {
  const { questions, root, spacePages } = space;
  if (!questions) return undefined;
  const from = direction === 1 ? Math.max(page + 1, await endOfMapped(space, questions, page)) : page - 1;
  return from < 0 || from >= spacePages ? undefined : questions.nextMapped(root, from, direction);
}

/** One past the last page mapped without a gap from `page` on; `page` itself where it is not mapped. Doubles its step, so it asks some tens of times at most. */
async function endOfMapped({ root, spacePages }: AskedSpace, questions: Questions, page: number): Promise<number> {
  let end = page;
  while (end < spacePages) {
    const sizes: number[] = [];
    for (let size = 1; end + size <= spacePages; size *= 2) sizes.push(size);
    const start = end;
    const coverages = await questions.coverage(
      root,
      sizes.map((pageCount) => ({ firstPage: start, pageCount, bins: 1 })),
    );
    const full = coverages.findLast(({ pageCount, counts }) => (counts[0] ?? 0) + (counts[1] ?? 0) + (counts[2] ?? 0) === pageCount);
    if (!full) break;
    end += full.pageCount;
  }
  return end;
}
