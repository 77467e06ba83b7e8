interface LostColumnProps {
  /** "PT". */
  readonly name: string;
  readonly frame: string;
  readonly reason: string;
}

/** A table that the walk names and the dump lacks: hatched, never empty. */
export function LostColumn({ name, frame, reason }: LostColumnProps) {
  return (
    <div className="walk-column walk-lost k-absent" title={reason}>
      <span className="walk-lost-word">
        {name} at <span className="n">{frame}</span>
      </span>
    </div>
  );
}
