import type { TableRow } from '#core/session/contract.ts';
import { KIND_CLASS } from '#ui/kit/kind-class.ts';
import { Thumbnail } from '#ui/kit/Thumbnail.tsx';
import { LoopMark, SharedMark } from './icons.tsx';
import type { TreeLine } from './lines.ts';
import { amountText, isShared, thumbnailLabel } from './row-facts.ts';
import type { TreeActs } from './use-tree-acts.ts';

export interface WhatCellProps {
  readonly line: TreeLine;
  /** Slot of the table below that the selection goes through, for the yellow cell. */
  readonly selectedBelow: number | undefined;
  readonly dimmed: ReadonlySet<string>;
  readonly acts: Pick<TreeActs, 'hoverCell' | 'selectCell'>;
}

/** Last column: what the entry leads to, in a picture or few words, and how much of it. */
export function WhatCell(props: WhatCellProps) {
  const { line } = props;
  const amount = amountText(line);
  return (
    <td className={line.row?.thumbnail && !isShared(line.row) ? 'tree-what tree-thumb' : 'tree-what'}>
      {line.row ? <Leading {...props} row={line.row} /> : <RootWords line={line} />}
      {amount && <span className="n s tree-amount">{amount}</span>}
    </td>
  );
}

/** Swatch or thumbnail, then words. The note drops out of sight whole where it does not fit. */
function Leading({ row, ...props }: WhatCellProps & { readonly row: TableRow }) {
  const mark = isShared(row) ? <SharedMark /> : row.kind === 'loop' ? <LoopMark /> : undefined;
  const hasThumbnail = row.thumbnail && !isShared(row);
  return (
    <>
      {hasThumbnail ? <TableThumbnail {...props} cells={row.thumbnail} /> : !mark && <i className={`sw ${KIND_CLASS[row.pageKind]}`} />}
      <span className="tree-words">
        {row.text && (
          <span className={mark ? 'tree-text tree-ref' : 'tree-text'}>
            {mark}
            {row.text}
          </span>
        )}
        {row.note && <em className="tree-note">{row.note}</em>}
      </span>
    </>
  );
}

function TableThumbnail({ line, cells, selectedBelow, dimmed, acts }: WhatCellProps & { readonly cells: Uint8Array }) {
  return (
    <Thumbnail
      cells={cells}
      label={thumbnailLabel(`slot ${line.row?.firstSlot ?? 0} of ${line.table.name}`, cells)}
      selectedSlot={selectedBelow}
      dimmed={dimmed}
      onHoverSlot={(slot) => acts.hoverCell(line, slot)}
      onSelectSlot={(slot) => acts.selectCell(line, slot)}
    />
  );
}

function RootWords({ line: { table } }: { readonly line: TreeLine }) {
  const offset = table.address % 4096;
  const present = table.present === table.entries ? 'all present' : `${table.present} present`;
  const words = table.entries <= 4 ? `${table.entries} entries, ${present}` : `${table.present} of ${table.entries}`;
  return (
    <span className="tree-words">
      <span className="tree-text">
        {offset === 0 ? words : `${table.entries} entries at offset `}
        {offset > 0 && <span className="n s">{offset.toString(16)}</span>}
      </span>
    </span>
  );
}
