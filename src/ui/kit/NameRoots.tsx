import { useDesk, useDeskStore } from '#ui/state/desk.ts';
import { nameable, namingText } from '#ui/state/naming.ts';

/** The naming of found roots by their processes: while it runs how far it is, and a button that stops it; then what came of it, or a button that starts it. */
export function NameRoots() {
  const desk = useDeskStore();
  const naming = useDesk((now) => now.naming);
  const searching = useDesk((now) => now.rootSearch?.state === 'running');
  const possible = useDesk((now) => nameable(now.image?.roots ?? []));
  if (searching || !(naming || possible)) return null;
  return (
    <div className="find-roots">
      {naming && <p aria-live="polite">{namingText(naming)}</p>}
      {naming?.state === 'running' ? (
        <>
          <progress aria-label="Naming processes" max={naming.total || 1} value={naming.done} />
          <button type="button" className="btn" onClick={() => desk.getState().stopFinding()}>
            Cancel
          </button>
        </>
      ) : (
        naming?.state !== 'done' && (
          <button type="button" className="btn" onClick={() => desk.getState().nameRoots()}>
            Name processes
          </button>
        )
      )}
    </div>
  );
}
