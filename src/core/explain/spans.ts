import type { LayoutSpan, SpanRole } from '#core/layouts/layout.ts';
import type { ExplainInput } from './explain-input.ts';

/** The layout's span that a page lies in. */
export function spanAt(input: ExplainInput, page: number): LayoutSpan | undefined {
  return input.layout.spans.find((span) => page >= span.firstPage && page < span.firstPage + span.pageCount);
}

export function spansOf(input: ExplainInput, role: SpanRole): readonly LayoutSpan[] {
  return input.layout.spans.filter((span) => span.role === role);
}

/** Pages present in a span, by the atlas's regions that lie in it. */
export function mappedPages(input: ExplainInput, span: LayoutSpan): number {
  return input.atlas.regions
    .filter((region) => region.firstPage >= span.firstPage && region.firstPage < span.firstPage + span.pageCount)
    .reduce((sum, region) => sum + region.mappedPages, 0);
}
