import { useVirtualizer } from '@tanstack/react-virtual';
import { type CSSProperties, type KeyboardEvent, useEffect, useRef } from 'react';
import type { M2pRunRow } from '#core/session/contract.ts';
import { useDesk } from '#ui/state/desk.ts';
import { useQuestion } from '#ui/state/question.ts';
import { RunCells } from './RunCells.tsx';
import { keyOf, useM2p } from './use-m2p.ts';

const ROW_HEIGHT = 20;
/** Rows asked for at once: more than any screen shows. */
const BATCH = 200;

/** The table as rows: words that go on alike are one. Up and Down choose a row, and so its first frame. */
export function RunRows() {
  const { selection, summary, mfn, digits } = useM2p();
  const body = useRef<HTMLDivElement>(null);
  const key = keyOf('m2p row', selection);
  const here = useQuestion(`${key} ${mfn}`, (questions) => questions.m2pRow(selection.root, Math.min(mfn, summary.words - 1)));
  const virtual = useVirtualizer({
    count: summary.runs,
    getScrollElement: () => body.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 6,
    initialRect: { width: 600, height: 300 },
  });
  const row = here.stale ? undefined : here.value;
  // biome-ignore lint/correctness/useExhaustiveDependencies: only another row scrolls.
  useEffect(() => {
    if (row !== undefined) virtual.scrollToIndex(row, { align: 'auto' });
  }, [row]);
  const items = virtual.getVirtualItems();
  const from = Math.max(0, Math.floor((items[0]?.index ?? 0) / (BATCH / 2)) * (BATCH / 2) - BATCH / 4);
  const { value: rows } = useQuestion(`${keyOf('m2p runs', selection)} ${from}`, async (questions) => ({
    from,
    rows: await questions.m2pRuns(selection.root, from, BATCH),
  }));
  const rowAt = (index: number) => rows?.rows[index - rows.from];
  // Characters of a range of frames, and of an address.
  const widths = { '--m2p-mfn': 2 * digits + 2, '--m2p-va': selection.mode.virtualBits > 32 ? 18 : 9 } as CSSProperties;
  const press = useRunKeys();
  return (
    <section className="m2p-runs" aria-label="The table as rows" style={widths}>
      <div className="m2p-run m2p-run-head" aria-hidden="true">
        <span>MFN</span>
        <span>PFN</span>
        <span>words say</span>
        <span className="r">count</span>
        <span>words at</span>
        <span>by the P2M</span>
      </div>
      <div
        ref={body}
        className="m2p-run-body ring-in"
        role="listbox"
        aria-label="Runs of words"
        tabIndex={0}
        aria-activedescendant={row === undefined ? undefined : `m2p-run-${row}`}
        onKeyDown={press}
      >
        <div style={{ height: virtual.getTotalSize(), position: 'relative' }}>
          {items.map(({ index, start }) => (
            <Run key={index} index={index} top={start} run={rowAt(index)} isHere={index === row} />
          ))}
        </div>
      </div>
    </section>
  );
}

/** Up and Down choose the run before or after. */
function useRunKeys(): (event: KeyboardEvent) => void {
  const questions = useDesk((desk) => desk.questions);
  const { selection, summary, mfn, pick } = useM2p();
  // Asked anew: a key may come before the row of the last one is known, or lead to a row that is not here.
  const move = async (step: number) => {
    const at = await questions?.m2pRow(selection.root, Math.min(mfn, summary.words - 1));
    const [next] = (at !== undefined && (await questions?.m2pRuns(selection.root, at + step, 1))) || [];
    if (next) pick(next.firstMfn);
  };
  return (event) => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step === 0) return;
    event.preventDefault();
    event.stopPropagation();
    void move(step);
  };
}

interface RunProps {
  readonly index: number;
  readonly top: number;
  readonly run: M2pRunRow | undefined;
  readonly isHere: boolean;
}

function Run({ index, top, run, isHere }: RunProps) {
  const { pick } = useM2p();
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the listbox around it has the keys.
    <div
      id={`m2p-run-${index}`}
      role="option"
      tabIndex={-1}
      aria-selected={isHere}
      className={isHere ? 'm2p-run m2p-run-here' : 'm2p-run'}
      style={{ top }}
      onClick={() => run && pick(run.firstMfn)}
    >
      {run && <RunCells run={run} />}
    </div>
  );
}
