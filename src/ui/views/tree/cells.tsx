import { hex } from '#core/base/hex.ts';
import type { EntryFlag, RootChoice, TableRow } from '#core/session/contract.ts';
import { Digits } from '#ui/kit/Digits.tsx';
import { type Columns, entryText, hasStride, slotText } from './columns.ts';
import { ClosedMark, OpenMark } from './icons.tsx';
import type { TreeLine } from './lines.ts';
import { flagWords, originText } from './row-facts.ts';

interface SlotCellProps {
  readonly line: TreeLine;
}

/** Indent, twisty, slot: "428", "436–447", "0–64 by 2". */
export function SlotCell({ line }: SlotCellProps) {
  const { row, depth, opens, isOpen } = line;
  return (
    <td className="tree-slot">
      {Array.from({ length: depth }, (_, level) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: an indent is its level.
        <i key={level} className="tree-indent" />
      ))}
      <i className="tree-twisty" data-twisty={opens ? '' : undefined}>
        {opens && (isOpen ? <OpenMark /> : <ClosedMark />)}
      </i>
      {row ? <span className="n">{slotText(line)}</span> : <b>{slotText(line)}</b>}
      {row && hasStride(line) && <i className="tree-by">by {row.step}</i>}
    </td>
  );
}

interface EntryCellProps {
  readonly line: TreeLine;
  readonly columns: Columns;
  readonly root: RootChoice;
}

/** The raw entry, of a run the first one with "…"; for the root, where it was found. */
export function EntryCell({ line, columns, root }: EntryCellProps) {
  const { row, table } = line;
  if (row) {
    const isOneOfMany = row.count > 1 && row.order !== 'same';
    return (
      <td className="tree-entry">
        <Digits text={entryText(row, columns)} />
        {isOneOfMany && <span className="n z tree-more">…</span>}
      </td>
    );
  }
  const at = table.seenAt;
  return (
    <td className="tree-entry c" title={`${root.origin}: ${root.reason}`}>
      {at ? (
        <>
          at <span className="n s">{`${hex(at.page, columns.vaDigits - 3)}${hex(at.offset, 3)}`.toUpperCase()}</span>
        </>
      ) : (
        originText(root)
      )}
    </td>
  );
}

const FLAG_CLASS: Readonly<Record<string, string>> = { W: 'tree-w', U: 'tree-u' };

interface FlagsCellProps {
  readonly row: TableRow | undefined;
  /** Letters of bits that an entry of this level does not have are left blank instead of dotted. */
  readonly hasRights: boolean;
}

/** P W U A D S G N: a letter where set, a dot where clear. */
export function FlagsCell({ row, hasRights }: FlagsCellProps) {
  if (!row) return <td className="tree-flags" />;
  return (
    <td className="tree-flags">
      <span className="visually-hidden">{flagWords(row)}</span>
      {row.flags.map((flag) => (
        <Flag key={flag.letter} flag={flag} clear={hasRights ? '·' : ' '} />
      ))}
    </td>
  );
}

function Flag({ flag, clear }: { readonly flag: EntryFlag; readonly clear: string }) {
  return (
    <u aria-hidden="true" title={`${flag.meaning}${flag.set ? '' : ': clear'}`} className={flag.set ? FLAG_CLASS[flag.letter] : 'tree-clear'}>
      {flag.set ? flag.letter : clear}
    </u>
  );
}

interface FrameCellProps {
  readonly frame: number | undefined;
  readonly digits: number;
  /** What an unknown number is: then a hatched gap stands for its digits. Undefined: leave the cell empty. */
  readonly unknown?: string;
}

/** A frame number, right-aligned to the widest. */
export function FrameCell({ frame, digits, unknown }: FrameCellProps) {
  return (
    <td className="tree-frame">
      {frame !== undefined && <Digits text={hex(frame, digits)} />}
      {frame === undefined && unknown && <i className="gap k-absent" role="img" aria-label={unknown} title={unknown} />}
    </td>
  );
}
