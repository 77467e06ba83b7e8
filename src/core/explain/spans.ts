import type { LayoutSpan, SpanRole } from '#core/layouts/layout.ts';
import type { ExplainInput } from './explain-input.ts';

/** The layout's span that a page lies in. */
export function spanAt(input: ExplainInput, page: number): LayoutSpan | undefined {
  return input.layout.spans.find((span) => page >= span.firstPage && page < span.firstPage + span.pageCount);
}

export function spansOf(input: ExplainInput, role: SpanRole): readonly LayoutSpan[] {
  return input.layout.spans.filter((span) => span.role === role);
}

/** Where the layout's numbers come from, without folders: "Xen 3.0.2–3.0.4, config.h". */
export function shortSource(span: LayoutSpan): string {
  return (span.source.split(':')[0] ?? '').replace(/\S*\/(?=\S)/g, '');
}

/** First mapped page of a span: where a table in it begins, if the layout gives but the lowest place (a dom0's M2P). */
export function firstMappedPage(input: ExplainInput, span: LayoutSpan): number {
  const pages = input.atlas.regions
    .filter((region) => region.mappedPages > 0 && region.firstPage >= span.firstPage && region.firstPage < span.firstPage + span.pageCount)
    .map((region) => region.firstPage);
  return pages.length > 0 ? Math.min(...pages) : span.firstPage;
}

/** Pages present in a span, by the atlas's regions that lie in it. */
export function mappedPages(input: ExplainInput, span: LayoutSpan): number {
  return input.atlas.regions
    .filter((region) => region.firstPage >= span.firstPage && region.firstPage < span.firstPage + span.pageCount)
    .reduce((sum, region) => sum + region.mappedPages, 0);
}
