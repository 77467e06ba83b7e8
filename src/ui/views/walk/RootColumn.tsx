import { commas, hex, virtualHex } from '#core/base/hex.ts';
import type { PagingMode } from '#core/paging/mode.ts';
import type { Border, Translation } from '#core/session/contract.ts';
import { Digits } from '#ui/kit/Digits.tsx';
import { useDesk } from '#ui/state/desk.ts';
import { useFrameWord } from '#ui/state/selection.ts';
import { machinePlace, PlaceButton } from './PlaceButton.tsx';
import { WireCell } from './WireCell.tsx';
import { type Gate, WIRES } from './walk-gates.ts';

interface RootColumnProps {
  readonly translation: Translation;
  readonly mode: PagingMode;
}

const PASSES: Gate = { kind: 'none', through: true, onward: true, label: '' };

/** Where the walk starts, and the gate that stands before paging: a truncated segment limit. */
export function RootColumn({ translation, mode }: RootColumnProps) {
  const address = useDesk((desk) => desk.atlas?.root.address);
  const origin = useDesk((desk) => desk.atlas?.root.origin ?? '');
  const limit = useDesk((desk) => desk.atlas?.borders.find((border) => border.kind === 'limit'));
  const first = translation.steps[0];
  const start = address ?? (first ? first.entryAddress - first.slot * mode.entryBytes : 0);
  return (
    <div className="walk-column walk-root">
      <h3 className="walk-head">
        <PlaceButton first target={{ kind: 'frame', frame: Math.floor(start / 4096), offset: start % 4096 }} title="Show the root's bytes">
          Root <Digits text={hex(Math.floor(start / 4096))} />
        </PlaceButton>
      </h3>
      <span className="walk-at">
        <RootPlace translation={translation} mode={mode} start={start} />
      </span>
      <span className="walk-entry c">{`${commas(mode.rootEntries)} × ${mode.entryBytes} bytes`}</span>
      <span className="walk-fields walk-origin c" title={origin}>
        {origin}
      </span>
      {WIRES.map((wire) => (
        <WireCell key={wire} wire={wire} gate={wire === 'reach' ? limitGate(translation, limit) : PASSES} />
      ))}
    </div>
  );
}

/** The guest's own address of the root where it has one; else the machine's, with a PAE root's place in its frame. */
function RootPlace({ translation, mode, start }: RootColumnProps & { readonly start: number }) {
  const first = translation.steps[0];
  const isXen = useFrameWord() === 'MFN';
  if (!first?.seenAt || !isXen || mode.virtualBits > 32) return <Digits text={start % 4096 === 0 ? hex(start) : machinePlace(start)} />;
  const { page, offset } = first.seenAt;
  return <Digits text={virtualHex(page, offset - first.slot * mode.entryBytes, mode.virtualBits)} />;
}

/** Rings 1 to 3 of a 32-bit PV guest meet the limit first; ring 0 does not, so the wire goes on. */
function limitGate(translation: Translation, limit: Border | undefined): Gate {
  if (!limit) return PASSES;
  const words = limit.label.replace('segment ', '');
  const past = `past ${words.replace('limit ', '')}`;
  const within = translation.address.page < limit.page;
  return within ? { kind: 'open', through: true, onward: true, label: words } : { kind: 'shut', through: true, onward: true, label: past };
}
