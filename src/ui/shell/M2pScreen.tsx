import { useSyncExternalStore } from 'react';
import { Group, Panel, Separator } from 'react-resizable-panels';
import { useDesk } from '#ui/state/desk.ts';
import { ViewPane } from './ViewPane.tsx';

const hasRoom = (): boolean => window.innerWidth > 1180;

function onResize(changed: () => void): () => void {
  window.addEventListener('resize', changed);
  return () => window.removeEventListener('resize', changed);
}

/** The machine-to-physical table, with the bytes and the meaning of the word that is selected in it. Esc goes back. */
export function M2pScreen() {
  const name = useDesk((desk) => desk.image?.name);
  const isWide = useSyncExternalStore(onResize, hasRoom);
  return (
    <main className="explorer">
      <h1 className="visually-hidden">{name}</h1>
      <Group orientation="horizontal">
        <Panel id="m2p" minSize={420}>
          <ViewPane id="m2p" />
        </Panel>
        {isWide && <Separator className="border" aria-label="Border between the table and the word" />}
        {isWide && (
          <Panel id="word" defaultSize={440} minSize={280} groupResizeBehavior="preserve-pixel-size">
            <Group orientation="vertical">
              <Panel id="hex" minSize={140}>
                <ViewPane id="hex" />
              </Panel>
              <Separator className="border" aria-label="Border between bytes and what it is" />
              <Panel id="why" defaultSize={300} minSize={80} groupResizeBehavior="preserve-pixel-size">
                <ViewPane id="why" />
              </Panel>
            </Group>
          </Panel>
        )}
      </Group>
    </main>
  );
}
