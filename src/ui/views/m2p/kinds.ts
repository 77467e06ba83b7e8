import { M2P_KINDS, type M2pKind } from '#core/session/contract.ts';

/** How a kind of word is drawn and named. Shape says it even in grey: the same mask in the picture and in the legend. */
export interface KindLook {
  /** Token of its colour; none for holes, which stay ground. */
  readonly token?: string;
  readonly shape: 'solid' | 'dots' | 'uprights' | 'lines' | 'hatch' | 'cross' | 'none';
  readonly name: string;
  readonly title: string;
}

export const KIND_LOOKS: Readonly<Record<M2pKind, KindLook>> = {
  valid: { token: '--user', shape: 'solid', name: 'A valid PFN', title: 'The frame’s number in the guest that owns it' },
  foreign: {
    token: '--no',
    shape: 'cross',
    name: 'A PFN of another frame',
    title: 'P2M[M2P[m]] is another frame, or the guest has no such number: another domain’s, or a lie',
  },
  stale: { token: '--no', shape: 'lines', name: 'A stale PFN', title: 'P2M[M2P[m]] is no frame: the guest gave it back' },
  shared: { token: '--ro', shape: 'lines', name: 'Shared', title: 'SHARED_M2P_ENTRY: shared between domains' },
  invalid: { token: '--ink-3', shape: 'solid', name: 'Invalid, all ones', title: 'INVALID_M2P_ENTRY: no guest’s memory' },
  'debug-fill': { token: '--ink-3', shape: 'dots', name: 'Fill 55555555', title: 'Debug fill of Xen 3.0–4.1: never given out' },
  'chunk-fill': { token: '--ink-3', shape: 'uprights', name: 'Fill 77777777', title: 'Fill of Xen 3.4–4.12: never given out' },
  unknown: { token: '--absent', shape: 'hatch', name: 'Not in this dump', title: 'The page is mapped, and the dump lacks it' },
  unmapped: { shape: 'none', name: 'Not mapped', title: 'The table has a hole there: no memory at these frames' },
};

/** What tells most first: a cell of many kinds shows the first of these in its lower part. */
const TELLING: readonly M2pKind[] = ['foreign', 'stale', 'valid', 'shared', 'chunk-fill', 'debug-fill', 'invalid', 'unknown', 'unmapped'];

/** Kinds of one cell: the one most words are of, and the most telling other. */
export interface CellKinds {
  readonly most: M2pKind;
  readonly other?: M2pKind;
}

/** Undefined for a cell without words. */
export function kindsOfCell(counts: Uint32Array, cell: number): CellKinds | undefined {
  const of = (kind: M2pKind): number => counts[cell * M2P_KINDS.length + M2P_KINDS.indexOf(kind)] ?? 0;
  const here = TELLING.filter((kind) => of(kind) > 0);
  const [first] = here;
  if (!first) return undefined;
  const most = here.reduce((best, kind) => (of(kind) > of(best) ? kind : best), first);
  const other = here.find((kind) => kind !== most);
  return other ? { most, other } : { most };
}
