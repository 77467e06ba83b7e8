import type { Sheet } from '#ui/state/sheet.ts';

/** Where the answer to a question stands, on the explorer unless another view is named. `type` writes into the address box, so that its readings and slips show. */
export type TourGoal =
  | { readonly at: string; readonly view?: 'm2p' }
  | { readonly type: string }
  | { readonly sheet: Extract<Sheet, 'm2p' | 'plan'> };

export interface TourStep {
  /** As the image’s author asked it. */
  readonly question: string;
  /** One line; the numbers with their reasons stand where the step leads. */
  readonly answer: string;
  readonly goal: TourGoal;
}

/** Questions about one image, bound to its fingerprint; the questions themselves are fetched when wanted. */
export interface Tour {
  readonly fingerprint: string;
  readonly title: string;
  /** For the button in the top bar. */
  readonly short: string;
  load(): Promise<readonly TourStep[]>;
}

const TOURS: readonly Tour[] = [
  {
    fingerprint: 'a4b4c2a3a25558df35e79dae9295a647245a35e4399040547c6dac6c49ed22f2',
    title: 'The e-mail’s questions',
    short: '18 questions',
    load: async () => (await import('./e-mail.ts')).steps,
  },
];

export const tourOf = (fingerprint: string | undefined): Tour | undefined => TOURS.find((tour) => tour.fingerprint === fingerprint);
