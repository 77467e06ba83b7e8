import { hex } from '#core/base/hex.ts';
import type { M2pName } from '#core/session/contract.ts';
import { rove } from '#ui/kit/roving.ts';
import { Findings } from './Findings.tsx';
import { useM2p } from './use-m2p.ts';

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
              <NamedFrame table={table} first={index === 0} />
            </li>
          ))}
        </ol>
      </section>
    </div>
  );
}

function NamedFrame({ table, first }: { readonly table: M2pName; readonly first: boolean }) {
  const { pick, mfn, digits } = useM2p();
  return (
    <button
      type="button"
      className="m2p-name ring-in"
      tabIndex={first ? 0 : -1}
      aria-current={table.mfn === mfn || undefined}
      onClick={() => pick(table.mfn)}
    >
      <i className={`sw m2p-k m2p-${table.kind}`} />
      <span className="n">{hex(table.mfn, digits)}</span>
      {table.word === undefined ? (
        <i className="gap k-absent" role="img" aria-label="word not in this dump" />
      ) : (
        <span className="n">{hex(table.word, 8)}</span>
      )}
      <span className="c">{table.name}</span>
    </button>
  );
}
