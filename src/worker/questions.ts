import type { Questions } from '#core/session/contract.ts';
import type { QuestionName } from './protocol.ts';

const NAMES: Readonly<Record<QuestionName, true>> = {
  summary: true,
  atlas: true,
  coverage: true,
  table: true,
  translate: true,
  explain: true,
  passport: true,
  m2p: true,
  m2pCells: true,
  m2pRuns: true,
  m2pRow: true,
  m2pNext: true,
  pfnSlips: true,
  m2pWord: true,
  p2mWord: true,
  xen: true,
  readPages: true,
  readings: true,
  nextMapped: true,
  capsule: true,
  considerRoot: true,
  findRoots: true,
  takeRoots: true,
  foundRoots: true,
  nameRoots: true,
};

/** Questions whose every method asks the other side: the compiler sees to it that none is missing. */
export function createQuestions(ask: (name: QuestionName, parameters: readonly unknown[]) => Promise<unknown>): Questions {
  const entries = Object.keys(NAMES).map((name) => [name, (...parameters: unknown[]) => ask(name as QuestionName, parameters)]);
  return Object.fromEntries(entries) as Questions;
}
