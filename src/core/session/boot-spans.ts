import type { LayoutSpan } from '#core/layouts/layout.ts';
import { areApart, bootPieces } from '#core/xen/boot-layout.ts';
import type { StartInfo } from '#core/xen/start-info.ts';
import { type RootAtlas, withSpans } from './root-atlas.ts';
import { frameAt } from './xen-tables.ts';

/** The same atlas with the guest's initial memory layout as regions of their own, where no span of the layout is. */
export function withBootSpans(atlas: RootAtlas, info: StartInfo): RootAtlas {
  const { root, layout } = atlas;
  const pieces = bootPieces(info, {
    virtualBits: root.mode.virtualBits,
    basePage: layout.guestBasePage,
    frameAt: (page) => frameAt(root, page),
  });
  const spans = pieces
    .map(({ firstPage, pageCount, name, shortName, why }): LayoutSpan => ({ firstPage, pageCount, name, shortName, source: why, side: 'guest' }))
    .filter((span) => layout.spans.every((other) => areApart(span, other)));
  return spans.length === 0 ? atlas : withSpans(atlas, spans);
}
