import { hex, virtualHex } from '#core/base/hex.ts';
import { virtualPage } from '#core/memory/address.ts';
import type { PagingMode } from '#core/paging/mode.ts';
import type { GuestNumber, Translation, WalkStep } from '#core/session/contract.ts';
import { Digits } from '#ui/kit/Digits.tsx';
import { ExpectedNumber } from '#ui/kit/ExpectedNumber.tsx';
import { useDesk } from '#ui/state/desk.ts';
import { useFrameWord } from '#ui/state/selection.ts';
import { BitFields } from './BitFields.tsx';
import { EntryDigits } from './EntryDigits.tsx';
import { machinePlace, PlaceButton } from './PlaceButton.tsx';
import { WireCell } from './WireCell.tsx';
import { shownBits } from './walk-bits.ts';
import { type Gate, WIRES } from './walk-gates.ts';

interface StepColumnProps {
  readonly translation: Translation;
  readonly mode: PagingMode;
  readonly index: number;
  /** Of reach, write, user, fetch. */
  readonly gates: readonly (Gate | undefined)[];
  readonly onLight: (level: number | undefined) => void;
}

/** One entry of the walk: where it lies, what it says, and what it lets pass. */
export function StepColumn({ translation, mode, index, gates, onLight }: StepColumnProps) {
  const setHover = useDesk((desk) => desk.setHover);
  const step = translation.steps[index];
  if (!step) return null;
  const light = () => onLight(step.level);
  const enter = () => {
    light();
    setHover(hoverOf(translation, mode, step));
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: hovering only lights what the column's buttons, which take focus, light too.
    <div className="walk-column" onPointerEnter={enter} onFocus={light}>
      <h3 className="walk-head">
        <StepHead step={step} isRoot={index === 0 && mode.levels.length === 5} />
        {step.tableNumber && <TablePfn {...step.tableNumber} />}
      </h3>
      <span className="walk-at">
        <StepPlace step={step} mode={mode} />
      </span>
      <StepEntry step={step} mode={mode} />
      <span className="walk-fields">{step.presence !== 'absent' && <BitFields bits={shownBits(step, mode, refusing(step, gates))} />}</span>
      {WIRES.map((wire, at) => (
        <WireCell key={wire} wire={wire} gate={gates[at]} />
      ))}
    </div>
  );
}

const frameTarget = (step: WalkStep) => ({ kind: 'frame', frame: step.tableFrame, offset: step.entryAddress % 4096 }) as const;

/** Five levels leave no room for a column of the root's own: its frame stands in the first. */
function StepHead({ step, isRoot }: { readonly step: WalkStep; readonly isRoot: boolean }) {
  return (
    <PlaceButton first={isRoot} target={frameTarget(step)} title={`${step.entryName} ${step.slot}: show it at ${machinePlace(step.entryAddress)}`}>
      {step.tableName} <span className="n">[{step.slot}]</span>
      {isRoot && <span className="c"> root {hex(step.tableFrame)}</span>}
    </PlaceButton>
  );
}

/** The guest's own number of the table's frame; nothing where it has none. */
function TablePfn({ guestFrame, expectedGuestFrame }: GuestNumber) {
  if (guestFrame === undefined && expectedGuestFrame === undefined) return null;
  return (
    <span className="walk-pfn c">
      PFN {guestFrame === undefined ? <ExpectedNumber frame={expectedGuestFrame ?? 0} /> : <Digits text={hex(guestFrame)} />}
    </span>
  );
}

/**
 * Where the entry lies: as a Xen guest sees it and then in the machine; natively in memory alone, where the direct map would only
 * repeat it. A 64-bit address beside it would not leave room for the bits.
 */
function StepPlace({ step, mode }: { readonly step: WalkStep; readonly mode: PagingMode }) {
  const isXen = useFrameWord() === 'MFN';
  const place = machinePlace(step.entryAddress);
  if (!step.seenAt || !isXen || mode.virtualBits > 32) return <Digits text={place} />;
  const { page, offset } = step.seenAt;
  return (
    <>
      <PlaceButton target={{ kind: 'virtual', address: step.seenAt }} title="Select the entry itself, where the guest sees it">
        <Digits text={virtualHex(page, offset, mode.virtualBits)} />
      </PlaceButton>
      <span className="walk-machine">
        {' '}
        <Digits text={place} small />
      </span>
    </>
  );
}

function StepEntry({ step, mode }: { readonly step: WalkStep; readonly mode: PagingMode }) {
  if (step.presence === 'absent') return <i className="walk-entry gap k-absent" role="img" aria-label="entry not in this dump" />;
  return (
    <span className={step.presence === 'assumed-zero' ? 'walk-entry walk-assumed' : 'walk-entry'}>
      <EntryDigits low={step.low} high={step.high} bytes={mode.entryBytes} />
      {step.presence === 'assumed-zero' && <span className="c"> elided</span>}
    </span>
  );
}

const BIT_OF_WIRE = ['P', 'RW', 'US', 'XD'] as const;

/** Names of the bits that shut a gate here. */
function refusing(step: WalkStep, gates: readonly (Gate | undefined)[]): ReadonlySet<string> {
  const shut = BIT_OF_WIRE.filter((_, wire) => gates[wire]?.kind === 'shut');
  return new Set(step.presence === 'absent' ? [] : shut);
}

/** The span of addresses that this entry decides over. */
function hoverOf(translation: Translation, mode: PagingMode, step: WalkStep) {
  const span = mode.levels[step.level]?.pagesPerEntry ?? 1;
  const first = translation.address.page - (translation.address.page % span);
  const line = step.line === undefined ? '' : `, line ${step.line}`;
  return {
    address: { page: virtualPage(first), offset: 0 },
    pageCount: span,
    words: `${step.entryName} slot ${step.slot}, ${mode.entryBytes} bytes at ${machinePlace(step.entryAddress)}${line}`,
  };
}
