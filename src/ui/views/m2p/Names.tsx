import { rove } from '#ui/kit/roving.ts';
import { Findings } from './Findings.tsx';
import { useM2p } from './use-m2p.ts';
import { WordButton } from './WordButton.tsx';

/** Frames worth a look: those whose word does not lead back, and the root's own tables. */
export function Names() {
  const { summary } = useM2p();
  const { tables } = summary;
  return (
    <div className="m2p-names">
      <Findings />
      <section aria-label="Tables of this root">
        <h3>
          Tables of this root <span className="c">{tables.length}</span>
        </h3>
        <ol onKeyDown={(event) => rove(event, 'vertical')}>
          {tables.map((table, index) => (
            <li key={`${table.mfn} ${table.name}`}>
              <WordButton mfn={table.mfn} word={table.word} kind={table.kind} first={index === 0}>
                {table.name}
              </WordButton>
            </li>
          ))}
        </ol>
      </section>
    </div>
  );
}
