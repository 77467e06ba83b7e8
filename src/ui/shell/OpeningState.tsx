import { commas } from '#core/base/hex.ts';
import type { Progress } from '#core/base/task.ts';
import type { Phase } from '#ui/state/phase.ts';
import { ProgressBar } from './ProgressBar.tsx';
import { useShell } from './shell-context.ts';

/** Bytes of bytes and the step, never a guess of time. */
export function OpeningState({ phase }: { readonly phase: Extract<Phase, { kind: 'opening' }> }) {
  const { opening } = useShell();
  const { progress } = phase;
  return (
    <>
      <h1>Opening {phase.name}</h1>
      <ProgressBar progress={progress} label={`Opening ${phase.name}`} />
      <dl className="kv">
        <dt>done</dt>
        <dd>{progress ? <Amount progress={progress} /> : 'nothing yet'}</dd>
        <dt>step</dt>
        <dd>{progress?.step ?? 'starting the reader'}</dd>
      </dl>
      <div className="state-acts">
        <button type="button" className="btn" onClick={() => opening.cancel()}>
          Cancel
        </button>
        <span className="c">Esc</span>
      </div>
    </>
  );
}

function Amount({ progress: { done, total } }: { readonly progress: Progress }) {
  return (
    <>
      <span className="n">{commas(done)}</span>
      {total !== undefined && (
        <>
          {' of '}
          <span className="n">{commas(total)}</span>
        </>
      )}
    </>
  );
}
