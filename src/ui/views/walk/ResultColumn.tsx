import type { PagingMode } from '#core/paging/mode.ts';
import type { Translation } from '#core/session/contract.ts';
import { ExpectedNumber } from '#ui/kit/ExpectedNumber.tsx';
import { useFrameWord } from '#ui/state/selection.ts';
import { PlaceButton } from './PlaceButton.tsx';
import { type ResultLine, resultOf } from './walk-result.ts';

interface ResultColumnProps {
  readonly translation: Translation;
  readonly mode: PagingMode;
}

/** What the walk came to: the frame and what is known of it, or why there is none. */
export function ResultColumn({ translation, mode }: ResultColumnProps) {
  const { heading, reason, lines } = resultOf(translation, mode, useFrameWord());
  return (
    <div className="walk-result">
      <h3 className="walk-result-head">{heading}</h3>
      {reason && <p className="walk-reason">{reason}</p>}
      <dl>
        {lines.map((line) => (
          <Line key={line.name} line={line} />
        ))}
      </dl>
    </div>
  );
}

function Line({ line }: { readonly line: ResultLine }) {
  return (
    <>
      <dt>{line.name}</dt>
      <dd title={line.title}>
        {line.hatched && <i className="gap k-absent" role="img" aria-label="not in this dump" />}
        {line.expected !== undefined && <ExpectedNumber frame={line.expected} />}
        <Value line={line} />
        {line.aside && <span className="c"> {line.aside}</span>}
      </dd>
    </>
  );
}

function Value({ line }: { readonly line: ResultLine }) {
  if (!line.value) return null;
  const value = line.number ? <span className="n">{line.value}</span> : line.value;
  if (!line.target) return value;
  return (
    <PlaceButton target={line.target} title={`Show ${line.value}`}>
      {value}
    </PlaceButton>
  );
}
