import type { LayoutSpan } from '#core/layouts/layout.ts';
import { pagesOfFirstMapping } from '#core/xen/first-mapping.ts';
import { type MappedStretch, mappedStretches } from '#core/xen/guest-memory.ts';
import type { RootAtlas } from './root-atlas.ts';

/** Both hold what Xen keeps of machine frames: no guest owns the memory that they lie in. */
const XENS_OWN: ReadonlySet<LayoutSpan['role']> = new Set(['m2p', 'frame-table']);

/** What a guest's number of a frame must be by how its builder laid it out, for a dump that holds neither P2M nor that frame's M2P word. */
export class ExpectedFrames {
  readonly #atlas: RootAtlas;
  readonly #xens: readonly { readonly name: string; readonly stretches: readonly MappedStretch[] }[];
  readonly #pages: number;

  constructor(atlas: RootAtlas) {
    const { root, layout } = atlas;
    this.#atlas = atlas;
    this.#pages = layout.guestBasePage === undefined ? 0 : pagesOfFirstMapping(root.forest, layout.guestBasePage);
    this.#xens = layout.spans
      .filter(({ role }) => XENS_OWN.has(role))
      .map(({ name, firstPage, pageCount }) => ({ name, stretches: mappedStretches(root.forest, firstPage, pageCount) }));
  }

  /** PFN of a page within the kernel's first mapping (reference 3.4); undefined elsewhere. */
  atPage(page: number): number | undefined {
    const base = this.#atlas.layout.guestBasePage;
    return base === undefined || page < base || page >= base + this.#pages ? undefined : page - base;
  }

  /** PFN of a frame by where it is seen in the kernel's first mapping. */
  of(frame: number): number | undefined {
    const page = this.#atlas.root.pageSeeing(frame);
    return page === undefined ? undefined : this.atPage(page);
  }

  /** Why a frame can be no guest's: it holds a table that Xen keeps for itself. */
  whyXens(frame: number): string | undefined {
    const owner = this.#xens.find(({ stretches }) => stretches.some((at) => frame >= at.frame && frame < at.frame + at.pages));
    return owner && `Xen’s own: ${owner.name}`;
  }
}
