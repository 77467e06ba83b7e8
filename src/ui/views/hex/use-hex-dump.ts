import { useMemo, useSyncExternalStore } from 'react';
import type { PagingMode, Root } from '#core/paging/mode.ts';
import { pagingMode, usualFeatures } from '#core/paging/modes.ts';
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
  /** Undefined where the dump names none and none is chosen yet: then only machine memory and the file have bytes. */
  readonly root: Root | undefined;
  readonly paging: Paging;
  readonly translation: Translation | undefined;
  readonly cache: PageCache;
}

/** How addresses are written while no root tells the mode: 32 bits, words of 8 bytes. */
const MODE_WITHOUT_ROOT = pagingMode('pae');

/** Undefined while nothing is open, or its first root is being read. */
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
    () => questions && new PageCache(questions, rootAddress !== undefined && rootMode ? { address: rootAddress, mode: rootMode } : undefined),
    [questions, rootAddress, rootMode],
  );
  useSyncExternalStore(cache?.subscribe ?? subscribeToNothing, cache?.version ?? versionOfNothing);
  const mode = selection?.mode ?? MODE_WITHOUT_ROOT;
  const paging = useMemo(() => pagingOf(mode, atlas), [mode, atlas]);
  const isReading = useDesk((desk) => desk.atlasProgress !== undefined);
  return useMemo(
    () => (questions && image && cache && (root || !isReading) ? { questions, image, atlas, root, paging, translation, cache } : undefined),
    [questions, image, atlas, root, paging, translation, cache, isReading],
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
