import type { TablePath, TableRow } from '#core/session/contract.ts';
import { pathKey } from './slots.ts';

/** First and last slot of an opened row. */
type Range = readonly [first: number, last: number];

/**
 * What the user opened and closed. Tables are kept by path; opened runs by slots, because a run's ends move when the selection
 * is taken out of it. Values never change; each function gives a new one.
 */
export interface Openings {
  readonly tables: ReadonlySet<string>;
  /** Tables on the selection's path that the user closed; forgotten when the selection comes from elsewhere. */
  readonly closed: ReadonlySet<string>;
  readonly runs: ReadonlyMap<string, readonly Range[]>;
}

export const noOpenings: Openings = { tables: new Set(), closed: new Set(), runs: new Map() };

export function withTable(openings: Openings, path: TablePath, isOpen: boolean): Openings {
  const key = pathKey(path);
  return { ...openings, tables: changed(openings.tables, key, isOpen), closed: changed(openings.closed, key, !isOpen) };
}

/** Keeps tables open that were open only because the selection was in them. */
export function withTables(openings: Openings, paths: readonly TablePath[]): Openings {
  return { ...openings, tables: new Set([...openings.tables, ...paths.map(pathKey)]) };
}

export const forgetClosed = (openings: Openings): Openings => (openings.closed.size === 0 ? openings : { ...openings, closed: new Set() });

export function withRun(openings: Openings, path: TablePath, row: TableRow, isOpen: boolean): Openings {
  const key = pathKey(path);
  const others = (openings.runs.get(key) ?? []).flatMap((range) => without(range, row));
  const ranges: readonly Range[] = isOpen ? [...others, [row.firstSlot, row.lastSlot]] : others;
  const runs = new Map(openings.runs);
  if (ranges.length > 0) runs.set(key, ranges);
  else runs.delete(key);
  return { ...openings, runs };
}

export function isRunOpen(openings: Openings, path: TablePath, first: number, last = first): boolean {
  return (openings.runs.get(pathKey(path)) ?? []).some((range) => range[0] <= first && last <= range[1]);
}

function without([first, last]: Range, row: TableRow): readonly Range[] {
  if (row.lastSlot < first || row.firstSlot > last) return [[first, last]];
  const left: Range = [first, row.firstSlot - 1];
  const right: Range = [row.lastSlot + 1, last];
  return [left, right].filter((range) => range[0] <= range[1]);
}

function changed(set: ReadonlySet<string>, key: string, isIn: boolean): ReadonlySet<string> {
  const next = new Set(set);
  if (isIn) next.add(key);
  else next.delete(key);
  return next;
}
