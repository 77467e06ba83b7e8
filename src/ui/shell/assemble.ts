import type { ImageSummary } from '#core/session/contract.ts';
import { AllowedHosts } from '#ui/state/allowed-hosts.ts';
import { createDesk, type DeskStore } from '#ui/state/desk.ts';
import { followLink } from '#ui/state/follow-link.ts';
import { addressText, DeskHistory, type HistoryWindow } from '#ui/state/history.ts';
import { installNaming } from '#ui/state/naming.ts';
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
export function assemble(window: HistoryWindow & Partial<Pick<Window, 'localStorage'>>): Assembled {
  const desk = createDesk();
  installRootChange(desk);
  let open: { readonly image: ImageSummary; readonly request: OpenRequest } | undefined;
  const note = (link: string) => {
    const { image, place } = desk.getState();
    if (image && open?.image.fingerprint === image.fingerprint && ['file', 'remote'].includes(open.request.given.kind))
      void remember(image, link, addressText(place), open.request.handle);
  };
  const onOpened = (image: ImageSummary, request: OpenRequest) => {
    open = { image, request };
    history.flush();
    note(window.location.hash);
    void searchUnasked(desk);
  };
  const opening = new Opening(desk, startWorker, onOpened, new AllowedHosts(window.location.origin, storageOf(window)));
  installRootSearch(desk, () => opening.cancel());
  installNaming(desk);
  const follow = (hash: string) => void followLink(hash, { desk, opening, recents });
  moveImageIntoHash(window);
  const history = new DeskHistory(desk, window, follow, note);
  follow(window.location.hash);
  return { desk, opening, history };
}

/** `?image=…`, once or for each file, as people write it by hand: its place is behind the `#`, which is never sent to a server, and which copied links carry on. */
function moveImageIntoHash({ history, location }: HistoryWindow): void {
  const urls = new URLSearchParams(location.search).getAll('image');
  if (urls.length === 0) return;
  const hash = location.hash || '#1';
  const parts = hash.includes('&image=') ? [] : urls.map((url) => `&image=${encodeURIComponent(url)}`);
  history.replaceState(history.state, '', `${location.pathname}${hash}${parts.join('')}`);
}

/** Undefined where the browser keeps nothing for us: even to ask may throw. */
function storageOf(window: Partial<Pick<Window, 'localStorage'>>): Storage | undefined {
  try {
    return window.localStorage;
  } catch {
    return undefined;
  }
}
