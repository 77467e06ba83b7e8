import type { EntryFlag } from '#core/session/contract.ts';
import type { Columns } from './columns.ts';

interface TreeHeadProps {
  readonly columns: Columns;
  /** "MFN" or "frame". */
  readonly frameWord: string;
  /** "VA", or "VA 47:0" where the sign extension is left off. */
  readonly vaWord: string;
}

const FLAGS: readonly Pick<EntryFlag, 'letter' | 'meaning'>[] = [
  { letter: 'P', meaning: 'bit 0: present' },
  { letter: 'W', meaning: 'bit 1, R/W: may be written' },
  { letter: 'U', meaning: 'bit 2, U/S: ring 3 may use it' },
  { letter: 'A', meaning: 'bit 5: accessed' },
  { letter: 'D', meaning: 'bit 6: dirty' },
  { letter: 'S', meaning: 'bit 7, PS: maps memory itself' },
  { letter: 'G', meaning: 'bit 8: global' },
  { letter: 'N', meaning: 'bit 63, XD: no execute' },
];

/** Names of the columns. */
export function TreeHead({ columns, frameWord, vaWord }: TreeHeadProps) {
  return (
    <thead className="tree-head">
      <tr className="tree-row tree-names">
        <th scope="col">slot</th>
        <th scope="col">{vaWord}</th>
        <th scope="col" className="tree-ample">
          end
        </th>
        <th scope="col" className="tree-entry">
          entry
        </th>
        <th scope="col" className="tree-flags" aria-label="flags">
          {FLAGS.map(({ letter, meaning }) => (
            <u key={letter} title={meaning}>
              {letter}
            </u>
          ))}
        </th>
        <th scope="col" className="tree-frame">
          {frameWord}
        </th>
        <th scope="col" className="tree-frame tree-ample">
          {frameWord === 'MFN' ? 'machine' : 'physical'}
        </th>
        {columns.guestDigits > 0 && (
          <th scope="col" className="tree-frame">
            PFN
          </th>
        )}
        <th scope="col">table or region</th>
      </tr>
    </thead>
  );
}
