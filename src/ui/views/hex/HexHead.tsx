import { Crosshair, Pin, Table2 } from 'lucide-react';
import type { ReactNode } from 'react';
import type { HexSpace } from '#core/session/contract.ts';
import { useDesk } from '#ui/state/desk.ts';
import type { HexPane } from '#ui/state/place.ts';
import { useFrameWord } from '#ui/state/selection.ts';

interface HexHeadProps {
  readonly pane: HexPane;
  readonly space: HexSpace;
  readonly name: string | undefined;
  readonly address: string;
  readonly caption: string;
  /** Spaces in which what is shown has an address. */
  readonly spaces: readonly HexSpace[];
  readonly menu: ReactNode;
  onPin(): void;
  onSpace(space: HexSpace): void;
}

const SPACES: readonly HexSpace[] = ['virtual', 'machine', 'file'];

/** What the numbers of each space are called. Those of a packed file are no offsets of its own. */
export function useSpaceNames(): Readonly<Record<HexSpace, string>> {
  const frameWord = useFrameWord();
  const isUnpacked = useDesk((desk) => desk.image?.sourceSize !== undefined);
  return { virtual: 'VA', machine: frameWord === 'MFN' ? 'MFN' : 'PA', file: isUnpacked ? 'unpacked' : 'file' };
}

export function HexHead({ pane, space, name, address, caption, spaces, menu, onPin, onSpace }: HexHeadProps) {
  const names = useSpaceNames();
  return (
    <div className="ph hex-head">
      <PinButton pane={pane} onPin={onPin} />
      <h2>
        {name} <span className="n">{address}</span>
      </h2>
      <span className="c hex-caption">{caption}</span>
      <div className="hex-spaces" role="group" aria-label="Address column">
        {SPACES.map((each) => (
          <button
            type="button"
            key={each}
            aria-pressed={each === space}
            disabled={!spaces.includes(each)}
            title={spaces.includes(each) ? undefined : 'What is shown here has no such address'}
            onClick={() => onSpace(each)}
          >
            {names[each]}
          </button>
        ))}
      </div>
      {menu}
    </div>
  );
}

function PinButton({ pane, onPin }: { readonly pane: HexPane; onPin(): void }) {
  const Icon = pane.pinned ? Pin : pane.follows === 'table' ? Table2 : Crosshair;
  const text = pane.pinned ? 'Pinned: press to follow again' : `${followText(pane)}: press to pin here`;
  return (
    <button type="button" className="hex-pin ring-in" aria-pressed={pane.pinned !== undefined} aria-label={text} title={text} onClick={onPin}>
      <Icon className="ic" aria-hidden="true" />
    </button>
  );
}

/** "pinned", "follows the table", "follows the selection". */
export function followText(pane: HexPane): string {
  if (pane.pinned) return 'pinned';
  return pane.follows === 'table' ? 'follows the table' : 'follows the selection';
}
