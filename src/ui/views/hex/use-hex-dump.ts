import { useMemo, useSyncExternalStore } from 'react';
import type { PagingMode, Root } from '#core/paging/mode.ts';
import { usualFeatures } from '#core/paging/modes.ts';
import type { AtlasSummary, HexSpace, ImageSummary, Questions, Translation } from '#core/session/contract.ts';
import { useDesk } from '#ui/state/desk.ts';
import { useSelection, useTranslation } from '#ui/state/selection.ts';
import type { Paging } from './entry-facts.ts';
import { PAGE_BYTES } from './hex-rows.ts';
import { PageCache } from './page-cache.ts';

/** What all panes share: the dump, its root, the walk of the selection and the pages read so far. */
export interface HexDump {
  readonly questions: Questions;
  readonly image: ImageSummary;
  readonly atlas: AtlasSummary | undefined;
  readonly root: Root;
  readonly paging: Paging;
  readonly translation: Translation | undefined;
  readonly cache: PageCache;
}

/** Undefined while nothing is open, or no root is known. */
export function useHexDump(): HexDump | undefined {
  const questions = useDesk((desk) => desk.questions);
  const image = useDesk((desk) => desk.image);
  const atlas = useDesk((desk) => desk.atlas);
  const selection = useSelection();
  const translation = useTranslation(selection).value;
  const root = selection?.root;
  const rootAddress = root?.address;
  const rootMode = root?.mode;
  const cache = useMemo(
    () => (questions && rootAddress !== undefined && rootMode ? new PageCache(questions, { address: rootAddress, mode: rootMode }) : undefined),
    [questions, rootAddress, rootMode],
  );
  useSyncExternalStore(cache?.subscribe ?? subscribeToNothing, cache?.version ?? versionOfNothing);
  const mode = selection?.mode;
  const paging = useMemo(() => mode && pagingOf(mode, atlas), [mode, atlas]);
  return useMemo(
    () => (questions && image && root && cache && paging ? { questions, image, atlas, root, paging, translation, cache } : undefined),
    [questions, image, atlas, root, paging, translation, cache],
  );
}

const subscribeToNothing = () => () => undefined;
const versionOfNothing = () => 0;

const pagingOf = (mode: PagingMode, atlas: AtlasSummary | undefined): Paging => ({ mode, features: atlas?.root.features ?? usualFeatures });

/** Pages of a space, at least so many that `shown` is one of them: tables may name frames beyond the end of the dump. */
export function pagesOf(dump: HexDump, space: HexSpace, shown: number): number {
  const { image, paging } = dump;
  if (space === 'virtual') return paging.mode.pageCount;
  const bytes = space === 'machine' ? image.end : (image.sourceSize ?? image.fileSize);
  return Math.max(1, Math.ceil(bytes / PAGE_BYTES), shown + 1);
}
