import type { Progress, Task } from '#core/base/task.ts';
import type { MemoryImage } from '#core/memory/memory-image.ts';
import type { Root } from '#core/paging/mode.ts';
import { pagingMode, usualFeatures } from '#core/paging/modes.ts';
import { type FoundRoot, RootFinder } from '#core/roots/find-roots.ts';
import type { FrameClasses } from '#core/roots/frame-classes.ts';
import type { NameableRoot } from '#core/roots/names/guess.ts';
import { nameRoots } from '#core/roots/names/name-roots.ts';
import type { StartSweepers } from '#core/roots/sweepers.ts';
import type { ProcessGuess, RootChoice } from './contract.ts';
import { rootKey } from './root-choice.ts';

/** The search for roots of one dump: made once, its answer kept. One that is stopped keeps what it had found, and goes on from there when asked again. */
export class RootSearch {
  readonly #image: MemoryImage;
  readonly #known: readonly RootChoice[];
  readonly #task: Task;
  readonly #startSweepers: StartSweepers | undefined;
  /** From the first question to the end of the search. */
  #finder: RootFinder | undefined;
  /** Of a search that came to its end. */
  #classes: FrameClasses | undefined;
  #found: readonly RootChoice[] = [];
  #running: Promise<readonly RootChoice[]> | undefined;

  constructor(image: MemoryImage, known: readonly RootChoice[], task: Task, startSweepers?: StartSweepers) {
    this.#startSweepers = startSweepers;
    this.#image = image;
    this.#known = known;
    this.#task = task;
  }

  /** Best first. */
  get found(): readonly RootChoice[] {
    return this.#found;
  }

  /** Found by an earlier search of the same image; one of our own counts for more. */
  take(roots: readonly RootChoice[]): void {
    if (this.#finder === undefined && this.#running === undefined) this.#found = roots;
  }

  /** The dump's own root where it is one, with its CPU's features, or a found one; else a typed one with those of the first CPU that reads such entries. */
  choiceOf(root: Root): RootChoice {
    const known = [...this.#known, ...this.#found].find((choice) => rootKey(choice) === rootKey(root));
    if (known) return known;
    const { entryBytes } = pagingMode(root.mode);
    const like = this.#known.find(({ mode }) => pagingMode(mode).entryBytes === entryBytes);
    const features = like?.features ?? usualFeatures;
    return { address: root.address, mode: root.mode, origin: 'typed', reason: 'Given by hand.', features, held: true };
  }

  /** @throws Cancelled, or what reading throws; then the next call goes on. */
  find(): Promise<readonly RootChoice[]> {
    this.#running ??= this.#look().catch((error: unknown) => {
      this.#running = undefined;
      throw error;
    });
    return this.#running;
  }

  /** What was found, with the processes' names. @throws Cancelled, or what reading throws. */
  async name(): Promise<readonly RootChoice[]> {
    const found = this.#found;
    const report = (progress: Progress) => this.#task.report({ ...progress, found: found.length });
    const guesses = await nameRoots(this.#image, found, { report, check: () => this.#task.check() }, this.#classes);
    const named = found.map((root) => withProcess(root, guesses));
    if (this.#found === found) this.#found = named;
    return named;
  }

  async #look(): Promise<readonly RootChoice[]> {
    this.#finder ??= new RootFinder(this.#image);
    const finder = this.#finder;
    const sweepers = this.#startSweepers?.(finder.bytesLeft, finder.frames);
    try {
      await finder.run(
        this.#task,
        (roots) => {
          this.#found = roots.map((root) => this.#foundChoice(root));
        },
        sweepers?.all,
      );
    } finally {
      sweepers?.end();
    }
    this.#classes = finder.classes;
    this.#finder = undefined;
    return this.#found;
  }

  /** A root that the dump names itself keeps its name and its CPU's features. */
  #foundChoice({ address, mode, reason, verified, ownPage, pair }: FoundRoot): RootChoice {
    const known = this.#known.find((choice) => rootKey(choice) === rootKey({ address, mode }));
    const features = this.#known[0]?.features ?? usualFeatures;
    const choice = known ?? { address, mode, origin: 'found by scan', features: { ...features, known: false }, held: true };
    const sentence = reason.charAt(0).toUpperCase() + reason.slice(1);
    return { ...choice, reason: sentence, verified, ...(ownPage !== undefined && { ownPage }), ...(pair !== undefined && { pair }) };
  }
}

function withProcess(root: RootChoice, guesses: ReadonlyMap<NameableRoot, ProcessGuess>): RootChoice {
  const process = guesses.get(root);
  return process ? { ...root, process } : root;
}
