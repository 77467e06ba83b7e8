import { bytesText } from '#core/base/hex.ts';
import { useDesk, useDeskStore } from '#ui/state/desk.ts';
import { searchText } from '#ui/state/root-search.ts';

/** What the button does after a search that has not come to its end here. */
const AGAIN = { stopped: 'Go on searching', failed: 'Search again', kept: 'Search again' } as const;

/** The search for roots: a button that starts it; while it runs how far it is, and a button that stops it; then what came of it. */
export function FindRoots() {
  const desk = useDeskStore();
  const search = useDesk((now) => now.rootSearch);
  const held = useDesk((now) => now.image?.heldBytes ?? 0);
  const running = search?.state === 'running';
  return (
    <div className="find-roots">
      {search && <p aria-live="polite">{searchText(search)}</p>}
      {search && running && <progress aria-label="Looking for page tables" max={search.total || 1} value={search.done} />}
      {running ? (
        <button type="button" className="btn" onClick={() => desk.getState().stopFinding()}>
          Cancel
        </button>
      ) : (
        search?.state !== 'done' && (
          <button type="button" className="btn" onClick={() => desk.getState().findRoots()}>
            {search ? AGAIN[search.state] : `Find roots in ${bytesText(held)}`}
          </button>
        )
      )}
    </div>
  );
}
