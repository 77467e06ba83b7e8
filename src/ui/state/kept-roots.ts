import { get, update } from 'idb-keyval';
import * as v from 'valibot';
import type { ImageSummary, RootChoice } from '#core/session/contract.ts';

/** What a search of an image found, kept on this device for when the same image is opened again. */
export interface KeptRoots {
  /** When, in milliseconds of the epoch. */
  readonly searched: number;
  readonly roots: readonly RootChoice[];
}

const KEY = 'pagewalk-found-roots';
/** Images, the last searched first. */
const MOST = 16;
/** Of one image: the best. */
const MOST_ROOTS = 300;
/** To be raised when a search finds more than before, or says it otherwise: what older ones found is then forgotten. */
const SEARCH = 1;

const TEXT = v.pipe(v.string(), v.maxLength(2000));
const FEATURES = v.object({
  ...{ pse: v.boolean(), nxe: v.boolean(), wp: v.boolean(), smep: v.boolean(), smap: v.boolean(), known: v.boolean() },
  physicalBits: v.pipe(v.number(), v.integer(), v.minValue(32), v.maxValue(52)),
});
const PROCESS = v.object({ name: TEXT, pid: v.exactOptional(v.pipe(v.number(), v.safeInteger())), reason: TEXT });
const COUNT = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const ADDRESS = v.pipe(COUNT, v.maxValue(2 ** 52 - 1));
const ROOT = v.object({
  address: ADDRESS,
  mode: v.picklist(['32-bit', 'pae', 'pae-under-xen64', '4-level', '5-level']),
  ...{ origin: TEXT, reason: TEXT, features: FEATURES, held: v.boolean(), verified: v.boolean() },
  ...{ ownPage: v.exactOptional(COUNT), pair: v.exactOptional(ADDRESS), process: v.exactOptional(PROCESS) },
});
const KEPT = v.array(v.object({ key: v.string(), searched: v.number(), roots: v.array(ROOT) }));

/** The same bytes, read as the same memory, by the same search. */
function keyOf({ fingerprint, format, extents, end, heldBytes }: ImageSummary): string {
  const places = extents.map(({ start, length }) => `${start.toString(36)}+${length.toString(36)}`).join(' ');
  return `${SEARCH} ${fingerprint} ${format.id} ${end} ${heldBytes} ${places}`;
}

/** Undefined where nothing is kept of it, or the browser keeps nothing for us. */
export async function keptRoots(image: ImageSummary): Promise<KeptRoots | undefined> {
  try {
    const found = believed(await get(KEY)).find(({ key }) => key === keyOf(image));
    return found && { searched: found.searched, roots: found.roots };
  } catch {
    return undefined;
  }
}

/** Keeps what a search that came to its end found. Roots that the dump names itself are left out. */
export async function keepRoots(image: ImageSummary, found: readonly RootChoice[], now = Date.now()): Promise<void> {
  const key = keyOf(image);
  const roots = v.parse(v.array(ROOT), found.filter(({ cpu }) => cpu === undefined).slice(0, MOST_ROOTS));
  try {
    await update(KEY, (old: unknown) => [{ key, searched: now, roots }, ...believed(old).filter((kept) => kept.key !== key)].slice(0, MOST));
  } catch {
    // Storage forbidden: the next visit searches again.
  }
}

/** Whatever else stands in the storage is not believed. */
function believed(stored: unknown): v.InferOutput<typeof KEPT> {
  const kept = v.safeParse(KEPT, stored ?? []);
  return kept.success ? kept.output : [];
}
