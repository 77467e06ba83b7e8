import { bytesOfText, commas } from '#core/base/hex.ts';
import { Cancelled, type Progress } from '#core/base/task.ts';
import type { ImageSummary, Questions, RootChoice } from '#core/session/contract.ts';
import type { DeskStore } from './desk.ts';
import { sameRoot } from './first-look.ts';
import { keepRoots } from './kept-roots.ts';

/** The naming of the found roots by their processes: a second reading of the image in view. `named` counts roots. */
export interface Naming {
  readonly state: 'running' | 'done' | 'stopped' | 'failed';
  readonly done: number;
  readonly total: number;
  readonly named: number;
  /** Why it failed. */
  readonly reason?: string;
}

/** Lets the desk name roots, and does so unasked when a search has ended: but not over a line, which would carry the whole image again. */
export function installNaming(store: DeskStore): void {
  store.setState({ nameRoots: () => void nameAll(store) });
  store.subscribe(({ rootSearch, remoteUrls, nameRoots }, before) => {
    const ended = rootSearch?.state === 'done' && before.rootSearch?.state !== 'done';
    if (ended && remoteUrls.length === 0) nameRoots();
  });
}

/** Signatures ask for three. */
const AGREEING = 3;

/** Where a search is sure of enough roots, or saw how their kernel maps them, and none is named yet. */
export const nameable = (roots: readonly RootChoice[]): boolean =>
  roots.filter(({ verified, ownPage }) => verified || ownPage !== undefined).length >= AGREEING && !roots.some(({ process }) => process);

async function nameAll(store: DeskStore): Promise<void> {
  const { questions, image, naming } = store.getState();
  if (!questions || !image || naming?.state === 'running') return;
  store.setState({ naming: { state: 'running', done: 0, total: image.heldBytes, named: 0 } });
  try {
    const roots = await questions.nameRoots();
    const named = roots.filter(({ process }) => process);
    takeNames(store, questions, named);
    end(store, questions, { state: 'done', named: named.length });
    if (named.length > 0) await keepRoots(image, roots);
  } catch (error) {
    end(store, questions, error instanceof Cancelled ? { state: 'stopped' } : { state: 'failed', reason: String(error) });
  }
}

/** Unless another image is in view by now. */
function end(store: DeskStore, questions: Questions, last: Partial<Naming>): void {
  const { naming, questions: now } = store.getState();
  if (now === questions && naming) store.setState({ naming: { ...naming, ...last } });
}

function takeNames(store: DeskStore, questions: Questions, named: readonly RootChoice[]): void {
  const { image, questions: now } = store.getState();
  if (now === questions && image && named.length > 0) store.setState({ image: withNames(image, named) });
}

/** Roots that the dump names itself get the names too. */
function withNames(image: ImageSummary, named: readonly RootChoice[]): ImageSummary {
  const roots = image.roots.map((root) => {
    const process = named.find((one) => sameRoot(one, root))?.process;
    return process ? { ...root, process } : root;
  });
  return { ...image, roots };
}

/** A report of the naming under way. */
export function noteNaming(store: DeskStore, { done, total = 0 }: Progress): void {
  const { naming } = store.getState();
  if (naming?.state === 'running') store.setState({ naming: { ...naming, done, total } });
}

/** "Naming processes: 64 of 256 MB read." */
export function namingText({ state, done, total, named, reason }: Naming): string {
  switch (state) {
    case 'running':
      return `Naming processes: ${bytesOfText(done, total)} read.`;
    case 'done':
      return named === 0 ? 'No process could be named.' : `${commas(named)} named by the processes that they probably are of.`;
    case 'stopped':
      return 'The naming of processes was stopped.';
    case 'failed':
      return `The naming of processes failed: ${reason ?? 'no reason given'}`;
  }
}
