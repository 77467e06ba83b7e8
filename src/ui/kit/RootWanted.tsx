import { useDesk, useDeskStore } from '#ui/state/desk.ts';
import { searchText } from '#ui/state/root-search.ts';
import { FindRoots } from './FindRoots.tsx';

/** True once a dump is open of which no root is known or chosen: then it has bytes, but no tables. */
function useIsRootless(): boolean {
  return useDesk((desk) => desk.image !== undefined && desk.place.root === undefined && desk.atlasProgress === undefined);
}

/** What a view says that shows tables where there are none: how to come by them. Nothing while tables are being read. */
export function RootWanted({ what }: { readonly what: string }) {
  const desk = useDeskStore();
  if (!useIsRootless()) return null;
  return (
    <div className="root-wanted">
      <p>{what}</p>
      <FindRoots />
      <button type="button" className="btn" onClick={() => desk.getState().look({ view: 'roots' }, true)}>
        Choose or type a root <kbd>R</kbd>
      </button>
    </div>
  );
}

/** The same in one line, for panes that follow the tables. */
export function RootWantedLine({ what }: { readonly what: string }) {
  const search = useDesk((desk) => desk.rootSearch);
  const text = search?.state === 'running' ? searchText(search) : what;
  return useIsRootless() ? <span className="c">{text}</span> : null;
}
