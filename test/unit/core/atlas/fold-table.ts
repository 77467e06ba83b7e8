import { type FoldRun, foldEntries } from '#core/atlas/fold.ts';
import { ENTRY_KINDS, type FoldInput, type FoldKind } from '#core/atlas/fold-input.ts';

/** A table of entries made by hand, empty (all zero) at first. */
export class HandTable implements FoldInput {
  readonly kind: Uint8Array;
  readonly flagClass: Uint32Array;
  readonly region: Int32Array;
  readonly frame: Float64Array;
  readonly target: Int32Array;

  constructor(
    readonly entries: number,
    readonly lowest: boolean,
    readonly framesPerLeaf: number,
    readonly tablesAlike: (a: number, b: number) => boolean,
  ) {
    this.kind = new Uint8Array(entries).fill(ENTRY_KINDS.indexOf('not-present'));
    this.flagClass = new Uint32Array(entries);
    this.region = new Int32Array(entries);
    this.frame = new Float64Array(entries);
    this.target = new Int32Array(entries).fill(-1);
  }

  leaf(first: number, last: number, { frame, step = 1 }: { frame: number; step?: number }): this {
    this.fill(first, last, 'leaf');
    for (let slot = first; slot <= last; slot++) this.frame[slot] = frame + (slot - first) * step;
    return this;
  }

  fill(first: number, last: number, kind: FoldKind): this {
    this.kind.fill(ENTRY_KINDS.indexOf(kind), first, last + 1);
    return this;
  }

  tables(first: number, targets: readonly number[]): this {
    this.fill(first, first + targets.length - 1, 'table');
    for (const [i, target] of targets.entries()) {
      this.target[first + i] = target;
      this.frame[first + i] = 0x1000 + target;
    }
    return this;
  }
}

export function table(
  entries: number,
  { lowest = false, alike = () => false }: { lowest?: boolean; alike?: (a: number, b: number) => boolean } = {},
): HandTable {
  return new HandTable(entries, lowest, lowest ? 1 : 512, alike);
}

export const fold = (input: FoldInput, selected = -1): FoldRun[] => foldEntries(input, { selected });

/** One line a row: "0-64 by 2 leaf in order". */
export function rows(runs: readonly FoldRun[]): string[] {
  return runs.map((run) => {
    const slots = run.count === 1 ? `${run.firstSlot}` : `${run.firstSlot}-${run.lastSlot}`;
    const step = run.step > 1 ? ` by ${run.step}` : '';
    return `${slots}${step} ${run.kind} ${run.order}${run.between ? ` between ${run.between}` : ''}`;
  });
}
