import { memo } from 'react';
import { hex } from '#core/base/hex.ts';
import { FRAME_BYTES } from '#core/memory/address.ts';
import type { PagingMode } from '#core/paging/mode.ts';
import type { GuestNumber, RootChoice, TableRow } from '#core/session/contract.ts';
import { Digits } from '#ui/kit/Digits.tsx';
import { ExpectedNumber } from '#ui/kit/ExpectedNumber.tsx';
import { EntryCell, FlagsCell, FrameCell, SlotCell } from './cells.tsx';
import type { Columns } from './columns.ts';
import { isHole, lastByteText, vaText } from './row-facts.ts';
import { WhatCell, type WhatCellProps } from './WhatCell.tsx';

export interface TreeRowProps extends WhatCellProps {
  /** Index among the visible lines. */
  readonly at: number;
  readonly top: number;
  readonly mode: PagingMode;
  readonly root: RootChoice;
  readonly columns: Columns;
  readonly isSelected: boolean;
  readonly isOnPath: boolean;
  /** Under the pointer somewhere else on the page. */
  readonly isLit: boolean;
  /** The one row that Tab reaches. */
  readonly isActive: boolean;
}

/** One row of the tree. Pointer and keys are handled by the grid. */
export const TreeRow = memo(function TreeRow(props: TreeRowProps) {
  const { line, at, top, mode, isSelected, isActive } = props;
  return (
    <tr
      className={classOf(props)}
      data-line={at}
      tabIndex={isActive ? 0 : -1}
      aria-level={line.depth + 1}
      aria-setsize={line.setSize}
      aria-posinset={line.position}
      aria-expanded={line.opens ? line.isOpen : undefined}
      aria-selected={isSelected}
      style={{ top }}
    >
      <SlotCell line={line} />
      <td>
        <Digits text={vaText(mode, line.firstPage)} />
      </td>
      <td className="tree-ample">
        <Digits text={lastByteText(mode, line.firstPage + line.pageCount - 1)} />
      </td>
      {isHole(line.row) ? <HoleCell row={line.row} /> : <EntryCells {...props} />}
    </tr>
  );
});

function EntryCells(props: TreeRowProps) {
  const { line, columns, root, mode } = props;
  const { row, table } = line;
  return (
    <>
      <EntryCell line={line} columns={columns} root={root} />
      <FlagsCell row={row} hasRights={mode.levels[table.level]?.hasRights ?? true} />
      <FrameCell frame={row ? row.frame : table.frame} digits={columns.frameDigits} />
      <MachineCell start={row ? row.frame && row.frame * FRAME_BYTES : table.address} digits={columns.frameDigits + 3} />
      {columns.guestDigits > 0 && <GuestCell of={row ?? table} digits={columns.guestDigits} />}
      <WhatCell {...props} />
    </>
  );
}

/** Machine address of the first byte of what the entry names, in ample room. */
function MachineCell({ start, digits }: { readonly start: number | undefined; readonly digits: number }) {
  return <td className="tree-frame tree-ample">{start !== undefined && <Digits text={hex(start, digits)} />}</td>;
}

/** The guest's own number; "none" where it has none; outlined where it is only expected; a hatched gap where the dump cannot say. */
function GuestCell({ of, digits }: { readonly of: GuestNumber & { readonly frame?: number }; readonly digits: number }) {
  const { frame, guestFrame, noGuestFrame, expectedGuestFrame } = of;
  if (noGuestFrame !== undefined)
    return (
      <td className="tree-frame tree-none" title={noGuestFrame}>
        none
      </td>
    );
  if (expectedGuestFrame !== undefined)
    return (
      <td className="tree-frame">
        <ExpectedNumber frame={expectedGuestFrame} digits={digits} />
      </td>
    );
  return <FrameCell frame={guestFrame} digits={digits} {...(frame !== undefined && GUEST_UNKNOWN)} />;
}

const GUEST_UNKNOWN = { unknown: 'the guest’s own number of this frame is not in this dump' };

/** Holes: no entry to show, only how many slots, how much, and which kind of nothing. */
function HoleCell({ row }: { readonly row: TableRow }) {
  return (
    <td className="tree-nothing" colSpan={7}>
      {row.kind === 'entry-absent' && <i className="sw k-absent" />}
      {row.text}
      {row.note && `: ${row.note}`}
    </td>
  );
}

function classOf({ line, isSelected, isOnPath, isLit, dimmed }: TreeRowProps): string {
  const { row } = line;
  const isDim = row !== undefined && (dimmed.has(row.pageKind) || (row.kind === 'leaf' && dimmed.has('user') && hasFlag(row, 'U')));
  return [
    'tree-row ring-in',
    isHole(row) && 'tree-hole',
    isOnPath && 'tree-onpath',
    isSelected && 'tree-selected',
    isLit && 'tree-lit',
    isDim && row.kind !== 'table' && 'tree-dim',
  ]
    .filter(Boolean)
    .join(' ');
}

const hasFlag = (row: TableRow, letter: string): boolean => row.flags.some((flag) => flag.letter === letter && flag.set);
