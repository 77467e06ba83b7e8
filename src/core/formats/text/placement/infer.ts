import type { FormatOptions, TextPlacement } from '#core/formats/format.ts';
import type { TextAnnotation } from '#core/formats/text/annotation.ts';
import type { PagingMode } from '#core/paging/mode.ts';
import { pageDirectories } from './page-directories.ts';
import { rootPage } from './root-page.ts';
import type { PlacementRule, PlacementState, Proposal, TextRoot } from './rule.ts';
import { sameOffsetPage } from './same-offset-page.ts';
import { selfMappedPage } from './self-mapped-page.ts';
import { shownRoots } from './shown-roots.ts';
import type { TextMemory } from './text-memory.ts';
import { walkedPage } from './walked-page.ts';

/** Surest first: what the tables say beats what their order suggests. */
const rules: readonly PlacementRule[] = [walkedPage, rootPage, selfMappedPage, pageDirectories, sameOffsetPage];

/** Each round places at least one page; a text that needs more rounds than this is made to need them. */
const MOST_ROUNDS = 64;
/** Pages that are looked at, lowest first: 64 MB of printed memory. */
const MOST_PAGES = 16_384;

export interface Inferred {
  readonly roots: readonly TextRoot[];
  readonly placements: readonly TextPlacement[];
}

/** Places virtual pages in frames until nothing more follows; the user's own placements come first and are never touched. */
export function inferPlacements(
  memory: TextMemory,
  mode: PagingMode,
  named: readonly TextRoot[],
  annotations: readonly TextAnnotation[],
  chosen: FormatOptions['placements'],
): Inferred {
  const inference = new Inference(memory, mode, named, annotations);
  inference.choose(chosen ?? []);
  inference.run();
  return inference.result();
}

class Inference {
  readonly #memory: TextMemory;
  readonly #mode: PagingMode;
  readonly #commands: readonly { readonly line: number; readonly text: string }[];
  readonly #reasons = new Map<number, { readonly reason: string; readonly edited: boolean }>();
  #roots: readonly TextRoot[];

  constructor(memory: TextMemory, mode: PagingMode, named: readonly TextRoot[], annotations: readonly TextAnnotation[]) {
    this.#memory = memory;
    this.#mode = mode;
    this.#roots = named;
    this.#commands = annotations.filter((annotation) => annotation.kind === 'command');
  }

  choose(placements: NonNullable<FormatOptions['placements']>): void {
    for (const { page, frame } of placements) {
      if (!this.#memory.isDumped(page)) continue;
      if (frame !== null) this.#memory.place(page, frame);
      this.#reasons.set(page, { reason: frame === null ? 'Left without a frame by you.' : 'Set by you.', edited: true });
    }
  }

  run(): void {
    for (let round = 0; round < MOST_ROUNDS; round++) {
      if (this.#roots.length === 0) this.#roots = shownRoots(this.#state());
      if (!rules.some((rule) => this.#apply(rule(this.#state())))) break;
    }
    if (this.#roots.length === 0) this.#roots = shownRoots(this.#state());
  }

  /** True if any page was placed. */
  #apply(proposals: readonly Proposal[]): boolean {
    let placed = false;
    for (const { page, frame, reason } of proposals) {
      if (this.#reasons.has(page)) continue;
      this.#memory.place(page, frame);
      this.#reasons.set(page, { reason, edited: false });
      placed = true;
    }
    return placed;
  }

  #state(): PlacementState {
    return {
      memory: this.#memory,
      mode: this.#mode,
      roots: this.#roots,
      open: this.#memory.pages.slice(0, MOST_PAGES).filter((page) => !this.#reasons.has(page)),
      commandAbove: (line) => this.#commands.findLast((command) => command.line <= line)?.text,
    };
  }

  result(): Inferred {
    const placements = this.#memory.pages.slice(0, MOST_PAGES).map((page): TextPlacement => {
      const known = this.#reasons.get(page);
      const frame = this.#memory.frameOf(page);
      const reason = known?.reason ?? 'No table in the text leads to this page.';
      const lines = this.#memory.linesOfPage(page);
      return { page, reason, lines, edited: known?.edited ?? false, ...(frame === undefined ? {} : { frame }) };
    });
    return { roots: this.#roots, placements };
  }
}
