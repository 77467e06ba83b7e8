import type { FramePassport, ImageSummary } from '#core/session/contract.ts';
import { ExpectedNumber } from '#ui/kit/ExpectedNumber.tsx';
import { useDesk } from '#ui/state/desk.ts';
import { type FrameName, frameNames } from './passport-words.ts';

interface FrameNamesProps {
  readonly passport: FramePassport;
  readonly frameWord: ImageSummary['frameWord'];
}

/** At the right of the head: the frame's address, where its bytes are, and the tables it is; what finds no room is left out. */
export function FrameNames({ passport, frameWord }: FrameNamesProps) {
  return (
    <dl className="passport-names">
      {passport.asTable.length > 0 && <AsTable passport={passport} />}
      {frameNames(passport, frameWord).map((name) => (
        <Name key={name.name} name={name} />
      ))}
    </dl>
  );
}

function Name({ name }: { readonly name: FrameName }) {
  return (
    <div title={name.title ?? name.aside}>
      <dt>{name.name}</dt>
      <dd>
        <Value name={name} />
        {name.value !== undefined && name.aside && <span className="c"> {name.aside}</span>}
      </dd>
    </div>
  );
}

function Value({ name }: { readonly name: FrameName }) {
  if (name.expected !== undefined) return <ExpectedNumber frame={name.expected} />;
  if (name.value === undefined) return <i className="gap k-absent" role="img" aria-label="not in this dump" />;
  return <span className="n">{name.value}</span>;
}

/** The frame is a page table of this root: each way to it can be gone. */
function AsTable({ passport }: { readonly passport: FramePassport }) {
  const jump = useDesk((desk) => desk.jump);
  return (
    <div>
      <dt>is table</dt>
      <dd>
        {passport.asTable.map((use) => (
          <button
            key={use.path.join()}
            type="button"
            className="passport-table"
            title="Go to the first slot of this table"
            onClick={() => jump({ kind: 'table', path: use.path, slot: 0 })}
          >
            {use.name}
          </button>
        ))}
      </dd>
    </div>
  );
}
