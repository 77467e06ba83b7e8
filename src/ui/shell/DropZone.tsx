import { useEffect, useState } from 'react';
import { useDesk } from '#ui/state/desk.ts';
import { carriesFile, type Dropped, droppedOf } from './dropped.ts';

/** The whole window takes files, always; this shows it while one is over it. */
export function DropZone({ onDrop }: { readonly onDrop: (dropped: Dropped) => void }) {
  const over = useDropTarget(onDrop);
  const inView = useDesk((desk) => desk.image !== undefined);
  if (!over) return null;
  return (
    <div className="over-window">
      <b>Let go to open it</b>
      {inView && <span>The image in view stays one step back.</span>}
      <span className="quiet">It stays on this machine: nothing is uploaded.</span>
    </div>
  );
}

/** True while a file is over the window. Enter and leave come for every element, so they are counted. */
function useDropTarget(onDrop: (dropped: Dropped) => void): boolean {
  const [over, setOver] = useState(false);
  useEffect(() => {
    let depth = 0;
    const listening = new AbortController();
    const listen = (type: 'dragenter' | 'dragover' | 'dragleave' | 'drop', act: (event: DragEvent) => void) =>
      window.addEventListener(type, act, { signal: listening.signal });
    const show = (event: DragEvent, change: number) => {
      if (!carriesFile(event.dataTransfer)) return;
      event.preventDefault();
      depth = Math.max(0, depth + change);
      setOver(depth > 0);
    };
    listen('dragenter', (event) => show(event, 1));
    listen('dragover', (event) => carriesFile(event.dataTransfer) && event.preventDefault());
    listen('dragleave', (event) => show(event, -1));
    listen('drop', (event) => {
      if (!event.dataTransfer || event.defaultPrevented) return;
      event.preventDefault();
      depth = 0;
      setOver(false);
      void droppedOf(event.dataTransfer).then(onDrop);
    });
    return () => listening.abort();
  }, [onDrop]);
  return over;
}
