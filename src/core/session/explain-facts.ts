import { type EntryFact, type ExplainInput, pagesWanted } from '#core/explain/explain.ts';
import type { TextAnnotation } from '#core/formats/text/annotation.ts';
import type { VirtualAddress } from '#core/memory/address.ts';
import { frameMapped, frameNamed, isLeaf } from '#core/paging/entry.ts';
import { entryOf } from '#core/tables/node.ts';
import type { BytePage, FramePassport, ImageSummary, TablePath, Translation } from './contract.ts';
import type { RootAtlas } from './root-atlas.ts';
import type { TablePlace } from './table-names.ts';

interface Around {
  readonly atlas: RootAtlas;
  readonly image: ImageSummary;
  readonly address: VirtualAddress;
  translate(address: VirtualAddress): Translation;
  passport(frame: number): FramePassport;
  noteOf(frame: number): string | undefined;
  expectedGuestFrame(page: number): number | undefined;
  readonly annotations: readonly TextAnnotation[];
}

/** Gathers what an explanation may ask of the open root. */
export function explainInput({ atlas, image, address, translate, passport, noteOf, expectedGuestFrame, annotations }: Around): ExplainInput {
  const { root, layout } = atlas;
  return {
    translation: translate(address),
    root: root.choice,
    mode: root.mode,
    layout,
    atlas: atlas.summary,
    image,
    facts: { entry: entryReader(atlas), translate, passport, noteOf, expectedGuestFrame, annotations, bytesOf: () => undefined },
  };
}

/** The same input with the few pages that its sentences are read from. */
export async function withBytes(input: ExplainInput, read: (page: number) => Promise<BytePage | undefined>): Promise<ExplainInput> {
  const pages = await Promise.all(pagesWanted(input).map(async (page) => [page, await read(page)] as const));
  const known = new Map(pages);
  return { ...input, facts: { ...input.facts, bytesOf: (page) => known.get(page) } };
}

/** Explanations read whole tables slot by slot, with one path: it is resolved once for all of them. */
function entryReader({ root }: RootAtlas): ExplainInput['facts']['entry'] {
  let at: { readonly path: TablePath; readonly place: ReturnType<typeof root.names.resolve> } | undefined;
  return (path, slot) => {
    if (at?.path !== path) at = { path, place: root.names.resolve(path) };
    return at.place && entryFact(root, at.place, slot);
  };
}

function entryFact(root: RootAtlas['root'], place: TablePlace, slot: number): EntryFact | undefined {
  const shape = root.forest.shapes[place.level];
  if (!shape || slot < 0 || slot >= shape.entries) return undefined;
  const { low, high, presence } = entryOf(root.forest, place.table, slot);
  const leaf = isLeaf(shape, low);
  const present = presence === 'held' && (low & 1) !== 0;
  return { low, high, presence, present, isLeaf: present && leaf, frame: leaf ? frameMapped(shape, low, high) : frameNamed(shape, low, high) };
}
