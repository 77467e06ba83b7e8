/** What a bench declares and answers: rows of the table in RESULTS.md. */
import type { Browser } from '@playwright/test';

/** One measurement, as it is named in the table. */
export interface Row {
  /** Unique among all benches. */
  readonly what: string;
  /** What the ratio is to: measured in the same run. */
  readonly beside: string;
  /** `%`: the ratio is a share, and more is better; else times, and less is better. */
  readonly unit?: '×' | '%';
  readonly aim?: Aim;
  /** One of the measurements that speed is judged by: stands in the table at the top. */
  readonly judged?: true;
  /** One line for the table when the aim is not met: why. */
  readonly why?: string;
}

/** Most of the ratio, least of the share, or most milliseconds. */
export type Aim = { readonly most: number } | { readonly least: number } | { readonly mostMilliseconds: number };

export interface Figure {
  /** In the unit of the row. Undefined where this machine does not tell. */
  readonly ratio: number | undefined;
  readonly milliseconds?: number;
  /** Whatever else was counted. */
  readonly note?: string;
}

/** `tiny`: every step once and on little, to see that it runs; its figures mean nothing. */
export type Size = 'full' | 'tiny';

/** A browser on the built page. */
export interface Served {
  readonly browser: Browser;
  /** Of the page, with a closing slash. */
  readonly url: string;
}

/** Measurements that are taken together. A file `NAME.bench.ts` has a list of them as its default export. */
export interface Bench<Name extends string = string> {
  readonly rows: Readonly<Record<Name, Row>>;
  /** A figure for every row. `serve` starts a browser, for the benches that need one. */
  measure(size: Size, serve: () => Promise<Served>): Promise<Readonly<Record<Name, Figure>>>;
}

/** Only so that the names of figures are checked against those of rows. */
export const defineBench = <Name extends string>(bench: Bench<Name>): Bench<Name> => bench;
