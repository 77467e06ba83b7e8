import { bytesOfText, bytesText, commas } from '#core/base/hex.ts';
import { Cancelled, type Progress } from '#core/base/task.ts';
import type { ImageSummary, Questions, RootChoice } from '#core/session/contract.ts';
import type { DeskStore } from './desk.ts';
import { firstAddress } from './first-look.ts';
import { keepRoots, keptRoots } from './kept-roots.ts';

/** The search for roots of the image in view. `found` counts so far. `kept`: made at an earlier visit. */
export interface RootSearch {
  readonly state: 'running' | 'done' | 'stopped' | 'failed' | 'kept';
  readonly done: number;
  readonly total: number;
  readonly found: number;
  /** Why it failed. */
  readonly reason?: string;
  /** When it was made, of a kept one: milliseconds of the epoch. */
  readonly searched?: number;
}

/** A larger image is searched when the user asks for it: reading it takes more than a few seconds. */
const SEARCHED_UNASKED = 2 ** 30;
/** A search fetches the whole image: no surprise on a line that is paid for. */
const FETCHED_UNASKED = 2 ** 26;

/** Lets the desk search, and stop: `cancel` ends the reader's long job. */
export function installRootSearch(store: DeskStore, cancel: () => void): void {
  store.setState({ findRoots: () => void search(store), stopFinding: cancel });
}

/** What is kept of an earlier search is shown; else an image that names no root at all is searched at once, unless it is large. */
export async function searchUnasked(store: DeskStore): Promise<void> {
  if (await showKept(store)) return;
  const { image, place, remoteUrls, findRoots } = store.getState();
  const most = remoteUrls.length === 0 ? SEARCHED_UNASKED : FETCHED_UNASKED;
  if (image && !image.text && image.roots.length === 0 && !place.root && image.heldBytes <= most) findRoots();
}

/** True where an earlier search of this image is kept, or another image has come into view. */
async function showKept(store: DeskStore): Promise<boolean> {
  const { image, questions } = store.getState();
  const kept = image && (await keptRoots(image));
  if (store.getState().image !== image) return true;
  if (!image || !questions || !kept || store.getState().rootSearch) return false;
  const { roots, searched } = kept;
  store.setState({ rootSearch: { state: 'kept', done: image.heldBytes, total: image.heldBytes, found: roots.length, searched } });
  await questions.takeRoots(roots);
  await adoptBest(store, questions, await learn(store, questions));
  return true;
}

async function search(store: DeskStore): Promise<void> {
  const { questions, image, rootSearch } = store.getState();
  if (!questions || !image || rootSearch?.state === 'running') return;
  const before = rootSearch?.state === 'stopped' ? rootSearch : { done: 0, total: image.heldBytes, found: 0 };
  store.setState({ rootSearch: { ...before, state: 'running' } });
  try {
    const roots = await questions.findRoots();
    end(store, questions, { state: 'done', done: image.heldBytes, found: roots.length });
    await keepRoots(image, roots);
  } catch (error) {
    end(store, questions, error instanceof Cancelled ? { state: 'stopped' } : { state: 'failed', reason: String(error) });
  }
  await adoptBest(store, questions, await learn(store, questions));
}

/** The last word of a search, unless another image is in view by now. */
function end(store: DeskStore, questions: Questions, last: Partial<RootSearch>): void {
  const { rootSearch, questions: now } = store.getState();
  if (now === questions && rootSearch) store.setState({ rootSearch: { ...rootSearch, ...last } });
}

/** A report of the running search. */
export function noteSearch(store: DeskStore, { done, total = 0, found = 0 }: Progress): void {
  const { rootSearch, questions } = store.getState();
  if (rootSearch?.state !== 'running' || !questions) return;
  store.setState({ rootSearch: { ...rootSearch, done, total, found } });
  if (found > rootSearch.found) void learn(store, questions);
}

/** Takes what was found into the image's roots; none where another image is in view. */
async function learn(store: DeskStore, questions: Questions): Promise<readonly RootChoice[]> {
  const found = await questions.foundRoots().catch((): readonly RootChoice[] => []);
  const { image, questions: now } = store.getState();
  if (now !== questions || !image || found.length === 0) return [];
  store.setState({ image: withFound(image, found) });
  return found;
}

function withFound(image: ImageSummary, found: readonly RootChoice[]): ImageSummary {
  const named = image.roots.filter(({ verified }) => verified === undefined);
  const isNamed = (root: RootChoice): boolean => named.some(({ address, mode }) => address === root.address && mode === root.mode);
  return { ...image, roots: [...named, ...found.filter((root) => !isNamed(root))] };
}

/** Uses the best root where none is in use. Not before the search has ended: what is found later may show that a root is a piece of another's table. */
async function adoptBest(store: DeskStore, questions: Questions, found: readonly RootChoice[]): Promise<void> {
  const [best] = found;
  if (store.getState().place.root || !best?.verified) return;
  const { address, mode } = best;
  const atlas = await questions.atlas({ address, mode }).catch(() => undefined);
  const { place, questions: now, look, tell } = store.getState();
  if (!atlas || now !== questions || place.root) return;
  look({ root: { address, mode }, address: firstAddress(atlas) });
  const sure = found.filter(({ verified }) => verified).length;
  tell(
    `Root ${address.toString(16)} is in use`,
    `This dump names none. A search of its memory found ${commas(sure)} for sure; this is the likeliest. The others are on the page of roots.`,
  );
}

/** "Looking for page tables: 64 of 256 MB read, 3 found so far." */
export function searchText({ state, done, total, found, reason, searched = 0 }: RootSearch): string {
  const roots = found === 0 ? 'none' : commas(found);
  switch (state) {
    case 'running':
      return `Looking for page tables: ${bytesOfText(done, total)} read, ${roots} found so far.`;
    case 'done':
      return `Looked for page tables in ${bytesText(total)}: ${roots} found.`;
    case 'stopped':
      return `The search was stopped at ${bytesOfText(done, total)}: ${roots} found.`;
    case 'kept':
      return `Looked for page tables at an earlier visit (${dayOf(searched)}): ${roots} found.`;
    case 'failed':
      return `The search failed: ${reason ?? 'no reason given'}`;
  }
}

/** "27 November 2026". */
const dayOf = (time: number): string => new Date(time).toLocaleDateString('en-GB', { day: 'numeric', month: 'long', year: 'numeric' });
