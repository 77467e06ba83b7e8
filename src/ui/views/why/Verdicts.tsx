import { Check, CircleHelp, X } from 'lucide-react';
import type { Verdict, VerdictRow } from '#core/session/contract.ts';

/** Who may read, write and fetch here: yes, or the fault with its error code (hex, as a CPU pushes it). */
export function Verdicts({ rows }: { readonly rows: readonly VerdictRow[] }) {
  if (rows.length === 0) return null;
  return (
    <table className="why-verdicts">
      <thead>
        <tr>
          <th scope="col">who</th>
          <th scope="col">read</th>
          <th scope="col">write</th>
          <th scope="col">fetch</th>
          <th scope="col" className="why-by">
            decided by
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.who} title={row.decidedBy}>
            <th scope="row">{row.who}</th>
            <Answer verdict={row.read} />
            <Answer verdict={row.write} />
            <Answer verdict={row.fetch} />
            <td className="why-by">{row.decidedBy}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const ICON = { size: 12, strokeWidth: 2.6, 'aria-hidden': true } as const;

function Answer({ verdict }: { readonly verdict: Verdict }) {
  if (verdict.allowed === 'unknown') {
    return (
      <td className="why-unknown">
        <CircleHelp {...ICON} />
        unknown
      </td>
    );
  }
  return verdict.allowed ? (
    <td className="why-yes">
      <Check {...ICON} />
      yes
    </td>
  ) : (
    <td className="why-no" title={faultWords(verdict.fault)}>
      <X {...ICON} />
      {verdict.fault ?? 'no'}
    </td>
  );
}

/** Error code bits in words (SDM 3A 4.7). */
const CODE_BITS: readonly (readonly [number, string, string])[] = [
  [0x1, 'protection (P)', 'not present'],
  [0x2, 'write', ''],
  [0x4, 'user', ''],
  [0x8, 'reserved bit', ''],
  [0x10, 'fetch', ''],
];

function faultWords(fault: string | undefined): string | undefined {
  const code = /^#PF ([0-9a-f]+)$/.exec(fault ?? '')?.[1];
  if (fault === '#GP') return 'general protection: no page fault, no CR2';
  if (code === undefined) return fault === '#PF' ? 'page fault; its code depends on EFER.NXE and CR4.SMEP, which this dump does not tell' : undefined;
  const value = Number.parseInt(code, 16);
  return `page fault, error code ${code} (hex): ${CODE_BITS.map(([bit, set, clear]) => (value & bit ? set : clear))
    .filter((word) => word !== '')
    .join(', ')}`;
}
