import { useDesk } from '#ui/state/desk.ts';
import type { View } from '#ui/views/view.ts';
import { HexPaneView } from './HexPaneView.tsx';
import { useHexDump } from './use-hex-dump.ts';
import './hex.css';

/** The stack of hex panes: bytes by virtual address, machine address or place in the file. */
function HexView() {
  const panes = useDesk((desk) => desk.place.panes);
  const dump = useHexDump();
  if (!dump) return <Waiting />;
  return (
    <div className="hex-stack">
      {panes.map((pane) => (
        <HexPaneView key={pane.id} dump={dump} pane={pane} />
      ))}
    </div>
  );
}

/** While the first root of a dump is being read. */
function Waiting() {
  return (
    <div className="hex-stack">
      <div className="ph hex-head">
        <h2>Bytes</h2>
      </div>
    </div>
  );
}

const view: View = { id: 'hex', title: 'Bytes', Component: HexView };
export default view;
