import type { ImageSummary } from '#core/session/contract.ts';
import { createDesk, type DeskStore } from '#ui/state/desk.ts';
import { followLink } from '#ui/state/follow-link.ts';
import { addressText, DeskHistory, type HistoryWindow } from '#ui/state/history.ts';
import { Opening, type OpenRequest } from '#ui/state/opening.ts';
import { recents, remember } from '#ui/state/recents.ts';
import { installRootChange } from '#ui/state/root-change.ts';
import { installRootSearch, searchUnasked } from '#ui/state/root-search.ts';
import { startWorker } from '#worker/client.ts';

interface Assembled {
  readonly desk: DeskStore;
  readonly opening: Opening;
  readonly history: DeskHistory;
}

/** Puts desk, reader and history together, and goes where the address says. */
export function assemble(window: HistoryWindow): Assembled {
  const desk = createDesk();
  installRootChange(desk);
  let open: { readonly image: ImageSummary; readonly request: OpenRequest } | undefined;
  const note = (link: string) => {
    const { image, place } = desk.getState();
    if (image && open?.image.fingerprint === image.fingerprint && open.request.given.kind === 'file')
      void remember(image, link, addressText(place), open.request.handle);
  };
  const opening = new Opening(desk, startWorker, (image, request) => {
    open = { image, request };
    history.flush();
    note(window.location.hash);
    searchUnasked(desk);
  });
  installRootSearch(desk, () => opening.cancel());
  const follow = (hash: string) => void followLink(hash, { desk, opening, recents });
  const history = new DeskHistory(desk, window, follow, note);
  follow(window.location.hash);
  return { desk, opening, history };
}
