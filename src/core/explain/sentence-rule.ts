import type { Explanation, Sentence } from '#core/session/contract.ts';
import type { ExplainInput } from './explain-input.ts';

/** How much a sentence tells, high first. Gaps are left for rules to come. */
export const TELLS = {
  /** Why the walk ended where it did, or why no byte is there. */
  ending: 90,
  /** What the page is by its entry: a leaf, a loop. */
  nature: 80,
  /** What it is for. */
  purpose: 70,
  /** Other ways to the same memory. */
  alias: 60,
  rights: 50,
  place: 40,
  around: 30,
} as const;

export interface RankedSentence extends Sentence {
  readonly weight: number;
}

export interface RankedTitle {
  readonly text: string;
  readonly weight: number;
}

/** One kind of fact: one file `NAME.sentences.ts` in this folder, its default export. Says nothing where the fact does not hold. */
export interface SentenceRule {
  readonly sentences: (input: ExplainInput) => readonly RankedSentence[];
  readonly title?: (input: ExplainInput) => RankedTitle | undefined;
}

/** More would bury the verdict that stands below (the pane is 250 px high). A native guest has less to explain. */
const MOST = { native: 4, 'xen-pv-32': 5, 'xen-pv-64': 5 } as const;

const rules: readonly SentenceRule[] = Object.values(import.meta.glob<SentenceRule>('./*.sentences.ts', { eager: true, import: 'default' }));

/** The sentences of all rules that tell most, strongest first. */
export function gatherSentences(input: ExplainInput): Pick<Explanation, 'title' | 'sentences' | 'more'> {
  const ranked = rules
    .flatMap((rule) => rule.sentences(input))
    .toSorted((a, b) => b.weight - a.weight)
    .map(({ parts, source }) => ({ parts, source }));
  const most = MOST[input.layout.rings];
  const titles = rules.flatMap((rule) => rule.title?.(input) ?? []).toSorted((a, b) => b.weight - a.weight);
  return { title: titles[0]?.text ?? '', sentences: ranked.slice(0, most), more: ranked.slice(most) };
}
