import type { VirtualAddress } from '#core/memory/address.ts';
import type { PagingMode, Root } from '#core/paging/mode.ts';
import { pagingMode } from '#core/paging/modes.ts';
import type { Explanation, ImageSummary, Translation } from '#core/session/contract.ts';
import { type Desk, useDesk } from './desk.ts';
import { type Answer, useQuestion } from './question.ts';

/** The one selected byte and the root it is seen from. */
export interface Selection {
  readonly root: Root;
  readonly mode: PagingMode;
  readonly address: VirtualAddress;
  readonly layoutId: string | undefined;
}

/** The selection as views need it; undefined until a root's atlas is there. */
export function useSelection(): Selection | undefined {
  const root = useDesk((desk) => desk.atlas?.root);
  const layoutId = useDesk((desk) => desk.atlas?.layout.id);
  const address = useDesk((desk) => desk.place.address);
  return root && { root, mode: pagingMode(root.mode), address, layoutId };
}

/** Whether there may be something of Xen's to look for under the root. */
export const isXenGuest = ({ atlas, image }: Pick<Desk, 'atlas' | 'image'>): boolean =>
  atlas !== undefined && (atlas.layout.isXens || image?.frameWord === 'PFN');

/** What the root's frames are called: a Xen guest's tables hold machine frames, whatever the dump's format. */
export function useFrameWord(): ImageSummary['frameWord'] {
  const isXen = useDesk((desk) => desk.atlas?.layout.isXens ?? false);
  const word = useDesk((desk) => desk.image?.frameWord ?? 'frame');
  // A saved guest's tables hold PFNs, whatever its layout.
  return isXen && word !== 'PFN' ? 'MFN' : word;
}

/** Names a question about the selection: it changes when the answer may. */
export function selectionKey(about: string, selection: Selection | undefined): string {
  if (!selection) return about;
  const { root, address, layoutId } = selection;
  return `${about} ${root.mode} ${root.address} ${layoutId ?? ''} ${address.page} ${address.offset}`;
}

export function useTranslation(selection: Selection | undefined): Answer<Translation> {
  return useQuestion(selectionKey('translate', selection), (questions) => selection && questions.translate(selection.root, selection.address));
}

export function useExplanation(selection: Selection | undefined): Answer<Explanation> {
  return useQuestion(selectionKey('explain', selection), (questions) => selection && questions.explain(selection.root, selection.address));
}
