import { virtualShort } from '#core/base/hex.ts';
import type { PagingMode } from '#core/paging/mode.ts';
import { lineWith, type TreeLine } from './lines.ts';
import { takesIn } from './slots.ts';

/** What a key asks of the tree. */
export type TreeAct =
  | { readonly kind: 'focus'; readonly line: number }
  | { readonly kind: 'open' | 'close' | 'choose' | 'follow' | 'fit'; readonly line: number };

interface Pressed {
  readonly key: string;
  readonly lines: readonly TreeLine[];
  readonly at: number;
  /** Rows in view: what a Page key moves by. */
  readonly page: number;
}

const focus = (line: number): TreeAct => ({ kind: 'focus', line });

const ACTS: Readonly<Record<string, (pressed: Pressed) => TreeAct | undefined>> = {
  ArrowDown: ({ at, lines }) => focus(Math.min(at + 1, lines.length - 1)),
  ArrowUp: ({ at }) => focus(Math.max(at - 1, 0)),
  PageDown: ({ at, lines, page }) => focus(Math.min(at + page, lines.length - 1)),
  PageUp: ({ at, page }) => focus(Math.max(at - page, 0)),
  Home: () => focus(0),
  End: ({ lines }) => focus(lines.length - 1),
  ArrowRight: ({ lines, at }) => rightOf(lines, at),
  ArrowLeft: ({ lines, at }) => leftOf(lines, at),
  '.': ({ lines, at }) => sibling(lines, at, 1),
  ',': ({ lines, at }) => sibling(lines, at, -1),
  Enter: ({ at }) => ({ kind: 'follow', line: at }),
  ' ': ({ at }) => ({ kind: 'choose', line: at }),
  f: ({ at }) => ({ kind: 'fit', line: at }),
};

/** Undefined: not a key of the tree, or nothing to do. */
export const actOf = (pressed: Pressed): TreeAct | undefined => ACTS[pressed.key]?.(pressed);

function rightOf(lines: readonly TreeLine[], at: number): TreeAct | undefined {
  const line = lines[at];
  if (!line?.opens) return undefined;
  if (!line.isOpen) return { kind: 'open', line: at };
  return lines[at + 1]?.parent === at ? focus(at + 1) : undefined;
}

function leftOf(lines: readonly TreeLine[], at: number): TreeAct | undefined {
  const line = lines[at];
  if (line?.opens && line.isOpen) return { kind: 'close', line: at };
  return line && line.parent >= 0 ? focus(line.parent) : undefined;
}

function sibling(lines: readonly TreeLine[], at: number, step: 1 | -1): TreeAct | undefined {
  const parent = lines[at]?.parent;
  for (let i = at + step; i >= 0 && i < lines.length && i !== parent; i += step) if (lines[i]?.parent === parent) return focus(i);
  return undefined;
}

/**
 * The line that typed characters mean: a slot of the table the focus is in (decimal), else the line that shows that virtual address. Digits
 * typed so far are the address's first ones. -1 if there is none.
 */
export function typedLine(typed: string, lines: readonly TreeLine[], at: number, mode: PagingMode): number {
  const slot = slotLine(typed, lines, at);
  if (slot >= 0) return slot;
  const digits = virtualShort(0, mode.virtualBits).length;
  if (typed.length > digits) return -1;
  const page = Number.parseInt(typed.padEnd(digits, '0').slice(0, -3), 16);
  const line = lines.findIndex((one) => one.row && virtualShort(one.firstPage, mode.virtualBits).startsWith(typed.toUpperCase()));
  return line >= 0 ? line : lineWith(lines, page);
}

function slotLine(typed: string, lines: readonly TreeLine[], at: number): number {
  const table = lines[at]?.table;
  const slot = Number(typed);
  if (!/^\d+$/.test(typed) || !table || slot >= table.entries) return -1;
  let best = -1;
  lines.forEach((line, i) => {
    if (line.table.path.join() !== table.path.join() || !line.row || !takesIn(line.row, slot)) return;
    if (best < 0 || line.row.count < (lines[best]?.row?.count ?? 0)) best = i;
  });
  return best;
}
