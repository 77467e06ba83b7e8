import { hex } from '#core/base/hex.ts';
import type { PagingMode } from '#core/paging/mode.ts';
import type { Translation } from '#core/session/contract.ts';
import { rove } from '#ui/kit/roving.ts';
import { useDesk } from '#ui/state/desk.ts';
import { LostColumn } from './LostColumn.tsx';
import { ResultColumn } from './ResultColumn.tsx';
import { RootColumn } from './RootColumn.tsx';
import { StepColumn } from './StepColumn.tsx';
import { gatesOf, WIRES } from './walk-gates.ts';

interface WalkStepsProps {
  readonly translation: Translation;
  readonly mode: PagingMode;
  /** Tells which level's bits to light. */
  readonly onLight: (level: number | undefined) => void;
}

/** One column a step, root first, then what the walk came to. Left and Right move between columns, Enter goes to the entry. */
export function WalkSteps({ translation, mode, onLight }: WalkStepsProps) {
  const setHover = useDesk((desk) => desk.setHover);
  const gates = gatesOf(translation, mode);
  const leave = () => {
    onLight(undefined);
    setHover(undefined);
  };
  return (
    <div
      className="walk-steps"
      role="toolbar"
      aria-label="Steps of the walk"
      onKeyDown={(event) => rove(event, 'horizontal')}
      onPointerLeave={leave}
      onBlur={() => onLight(undefined)}
    >
      <RowNames />
      {mode.levels.length < 5 && <RootColumn translation={translation} mode={mode} />}
      {translation.steps.map((step, index) => (
        <StepColumn
          key={step.level}
          translation={translation}
          mode={mode}
          index={index}
          gates={WIRES.map((wire) => gates[wire][index])}
          onLight={onLight}
        />
      ))}
      {translation.outcome.kind === 'table-absent' && (
        <LostColumn
          name={mode.levels[translation.outcome.level]?.tableName ?? 'table'}
          frame={hex(translation.outcome.frame)}
          reason={translation.outcome.reason}
        />
      )}
      <ResultColumn translation={translation} mode={mode} />
    </div>
  );
}

function RowNames() {
  return (
    <div className="walk-names c" aria-hidden="true">
      <span />
      <span>at</span>
      <span>entry</span>
      <span />
      {WIRES.map((wire) => (
        <span key={wire}>{wire}</span>
      ))}
    </div>
  );
}
