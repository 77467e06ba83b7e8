import { commas, hex } from '#core/base/hex.ts';
import type { M2pDisagreement, M2pName } from '#core/session/contract.ts';
import { rove } from '#ui/kit/roving.ts';
import { useM2p } from './use-m2p.ts';

/** Frames worth a look: those whose word does not lead back, and the root's own tables. */
export function Names() {
  const { summary } = useM2p();
  const { disagreements, disagreementCount, tables, p2m } = summary;
  return (
    <div className="m2p-names">
      {p2m && (
        <section aria-label="Check against the P2M">
          <h3>
            P2M against M2P <span className="c">{checkWords(summary)}</span>
          </h3>
          <ol onKeyDown={(event) => rove(event, 'vertical')}>
            {disagreements.map((one, index) => (
              <li key={one.pfn}>
                <Disagreement one={one} first={index === 0} />
              </li>
            ))}
          </ol>
          {disagreementCount > disagreements.length && <p className="c">{commas(disagreementCount - disagreements.length)} more, not listed</p>}
        </section>
      )}
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

function checkWords({ p2m, disagreementCount }: ReturnType<typeof useM2p>['summary']): string {
  const frames = `${commas(p2m?.frames ?? 0)} frames by ${p2m?.source ?? ''}`;
  return disagreementCount === 0 ? `${frames}: none disagrees` : `${frames}: ${commas(disagreementCount)} disagree`;
}

function Disagreement({ one, first }: { readonly one: M2pDisagreement; readonly first: boolean }) {
  const { pick, mfn, digits } = useM2p();
  return (
    <button
      type="button"
      className="m2p-name ring-in"
      tabIndex={first ? 0 : -1}
      aria-current={one.mfn === mfn || undefined}
      title={`P2M[${hex(one.pfn)}] is ${hex(one.mfn)}, and M2P[${hex(one.mfn)}] is ${hex(one.word, 8)}`}
      onClick={() => pick(one.mfn)}
    >
      <i className="sw m2p-k m2p-foreign" />
      <span className="n">{hex(one.mfn, digits)}</span>
      <span className="n">{hex(one.word, 8)}</span>
      <span className="c">
        PFN <span className="n">{hex(one.pfn)}</span> expected
      </span>
    </button>
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
