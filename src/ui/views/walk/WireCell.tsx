import type { Gate, Wire } from './walk-gates.ts';

interface WireCellProps {
  readonly wire: Wire;
  readonly gate: Gate | undefined;
}

/** One wire through one column: a line, the gate upon it, and its word. Dead wires are dotted. */
export function WireCell({ wire, gate }: WireCellProps) {
  if (!gate) return <span className="walk-wire" />;
  return (
    <span className="walk-wire" data-gate={gate.kind} data-in={gate.through ? 'live' : 'dead'} data-out={gate.onward ? 'live' : 'dead'}>
      {gate.kind === 'open' && <i className="walk-post" aria-hidden="true" />}
      {gate.kind === 'shut' && <i className="walk-bar" aria-hidden="true" />}
      {gate.label && (
        <span className="walk-word">
          <span className="visually-hidden">{`${wire}${gate.kind === 'shut' ? ', shut' : ''}: `}</span>
          {gate.label}
        </span>
      )}
    </span>
  );
}
