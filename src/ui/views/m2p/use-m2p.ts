import { createContext, useContext } from 'react';
import { commas } from '#core/base/hex.ts';
import type { VirtualAddress } from '#core/memory/address.ts';
import { type M2pKind, type M2pSummary, m2pWordPlace, mfnOfWordAt } from '#core/session/contract.ts';
import { useDesk, useDeskStore } from '#ui/state/desk.ts';
import { useQuestion } from '#ui/state/question.ts';
import { type Selection, useSelection, useTranslation } from '#ui/state/selection.ts';

/** The M2P of the root in view, and the frame looked up in it. */
export interface M2pModel {
  readonly selection: Selection;
  readonly summary: M2pSummary;
  /** MFN of the selected word; where the selection is no word of the table, of the frame that it maps. */
  readonly mfn: number;
  /** Digits of the highest MFN here. */
  readonly digits: number;
  /** Selects the word of a frame. */
  pick(mfn: number): void;
  /** Selects the next word of a kind. */
  toNext(kind: M2pKind): void;
}

export const M2pContext = createContext<M2pModel | undefined>(undefined);

export function useM2p(): M2pModel {
  const model = useContext(M2pContext);
  if (!model) throw new Error('useM2p outside an M2pContext');
  return model;
}

export interface M2pAnswer {
  readonly model: M2pModel | undefined;
  /** What to say where there is none. */
  readonly words: string;
}

/** Asks for the table of the root in view. */
export function useM2pModel(): M2pAnswer {
  const desk = useDeskStore();
  const selection = useSelection();
  const root = selection?.root;
  const { value, stale, error } = useQuestion(keyOf('m2p', selection), (questions) => root && questions.m2p(root));
  const translation = useTranslation(selection).value;
  const absentTables = useDesk((now) => now.atlas?.absentTables ?? 0);
  const dimension = useDesk((now) => now.place.machine);
  if (!selection) return { model: undefined, words: 'Choose a root first: the table is read through its page tables.' };
  if (error) return { model: undefined, words: `The table could not be read: ${error.message}` };
  if (!value) return { model: undefined, words: stale ? 'Reading the table …' : noTable(absentTables) };
  const frame = translation?.outcome.kind === 'mapped' ? translation.outcome.frame : undefined;
  const mapped = dimension === undefined ? frame : Math.floor(dimension / 4096);
  const mfn = Math.min(mfnOfWord(value, selection.address) ?? mapped ?? 0, lastMfn(value));
  const pick = (wanted: number) => desk.getState().select(m2pWordPlace(value, Math.max(0, Math.min(wanted, lastMfn(value)))));
  const toNext = async (kind: M2pKind) => {
    const next = await desk.getState().questions?.m2pNext(selection.root, mfn, kind);
    if (next !== undefined) pick(next);
  };
  return { model: { selection, summary: value, mfn, digits: lastMfn(value).toString(16).length, pick, toNext }, words: '' };
}

/** A table that the dump lacks may map it. */
function noTable(absentTables: number): string {
  if (absentTables === 0) return 'This root maps no machine-to-physical table: nothing under it is Xen’s.';
  const tables = absentTables === 1 ? 'one of its page tables is' : `${commas(absentTables)} of its page tables are`;
  return `No machine-to-physical table is seen from this root, but ${tables} not in this dump. Another root may show it.`;
}

export const lastMfn = ({ words, beyond }: M2pSummary): number => Math.max(0, words + beyond - 1);

/** Names a question about the table of a root. */
export function keyOf(about: string, selection: Selection | undefined): string {
  return selection ? `${about} ${selection.root.mode} ${selection.root.address} ${selection.layoutId ?? ''}` : about;
}

/** Frame of the word at an address; undefined outside the table. */
function mfnOfWord(summary: M2pSummary, address: VirtualAddress): number | undefined {
  const mfn = mfnOfWordAt(summary, address);
  return mfn >= 0 && mfn <= lastMfn(summary) ? mfn : undefined;
}
