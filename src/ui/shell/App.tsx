import './shell.css';
import { type ChangeEvent, lazy, type RefObject, Suspense, useDeferredValue, useState } from 'react';
import { Fence } from '#ui/kit/Fence.tsx';
import { type Desk, useDesk } from '#ui/state/desk.ts';
import { type Sheet, SheetContext } from '#ui/state/sheet.ts';
import { DropZone } from './DropZone.tsx';
import { droppedFiles } from './dropped.ts';
import { FirstBar } from './FirstBar.tsx';
import { FirstScreen } from './FirstScreen.tsx';
import { later } from './later.tsx';
import { explorerPart, topBarPart } from './later-parts.ts';
import { Sheets } from './Sheets.tsx';
import { StatePanel } from './StatePanel.tsx';
import { StatusBar } from './StatusBar.tsx';
import { Strips } from './Strips.tsx';
import { type Shell, ShellContext } from './shell-context.ts';
import { useGivenFiles } from './use-given-files.ts';
import { useKeys } from './use-keys.ts';

const Explorer = later(explorerPart);
const TopBar = later(topBarPart);
const RootsPage = lazy(async () => ({ default: (await import('#ui/views/roots/RootsPage.tsx')).RootsPage }));

const M2pScreen = lazy(async () => ({ default: (await import('./M2pScreen.tsx')).M2pScreen }));

/** The app around the views. */
export function App({ opening, history }: Pick<Shell, 'opening' | 'history'>) {
  const [sheet, setSheet] = useState<Sheet>();
  const { open, chooseFile, awaited, input } = useGivenFiles(opening);
  const shell: Shell = { opening, history, chooseFile, awaited, show: setSheet };
  const inView = useDeferredDesk((desk) => desk.image !== undefined);
  useKeys(shell, sheet, (text) => open({ text }));
  return (
    <ShellContext value={shell}>
      <div className="shell">
        <Suspense fallback={<header className="top" />}>{inView ? <TopBar /> : <FirstBar />}</Suspense>
        <Strips />
        <Fence name="This page">
          <SheetContext value={setSheet}>
            <Suspense fallback={<main className="explorer" />}>
              <Main />
            </Suspense>
          </SheetContext>
        </Fence>
        <StatusBar />
        <FileInput input={input} onFiles={(files) => open(droppedFiles(files))} />
        <DropZone onDrop={open} />
        <Sheets sheet={sheet} />
      </div>
    </ShellContext>
  );
}

/** The browser's own file dialog hangs on it; kept in the page so that everything that chooses a file finds the same one. */
function FileInput({ input, onFiles }: { readonly input: RefObject<HTMLInputElement | null>; readonly onFiles: (files: readonly File[]) => void }) {
  const take = ({ currentTarget }: ChangeEvent<HTMLInputElement>) => {
    const files = [...(currentTarget.files ?? [])];
    if (files.length > 0) onFiles(files);
    currentTarget.value = '';
  };
  return <input ref={input} type="file" multiple hidden aria-label="Memory dump or text file" onChange={take} />;
}

/** The desk a moment later: a whole screen that follows is made in slices, between which the page hears its user, and replaces the old one at once. */
const useDeferredDesk = <T,>(selector: (desk: Desk) => T): T => useDeferredValue(useDesk(selector));

function Opened({ view }: Pick<Desk['place'], 'view'>) {
  if (view === 'roots') return <RootsPage />;
  return view === 'm2p' ? <M2pScreen /> : <Explorer />;
}

function Main() {
  const phase = useDeferredDesk((desk) => desk.phase);
  const inView = useDeferredDesk((desk) => desk.image !== undefined);
  const view = useDeferredDesk((desk) => desk.place.view);
  if (phase.kind === 'open' || (phase.kind === 'opening' && inView)) return <Opened view={view} />;
  return phase.kind === 'empty' ? <FirstScreen /> : <StatePanel phase={phase} />;
}
