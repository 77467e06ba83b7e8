import type { Presence, PresenceRun } from '#core/memory/presence.ts';
import type { BytePage, HexSpace } from '#core/session/contract.ts';

export interface PageParts {
  readonly space?: HexSpace;
  readonly page?: number;
  /** Runs in order: length and presence; what is left of the page is of the last one's presence. */
  readonly runs?: readonly (readonly [number, Presence, string?])[];
  readonly bytes?: Uint8Array;
  readonly frame?: number;
  readonly table?: BytePage['table'];
}

/** A page of bytes as a session would answer it. */
export function bytePage({ space = 'machine', page = 0, runs = [[4096, 'held']], bytes, frame, table }: PageParts = {}): BytePage {
  return {
    space,
    page,
    bytes: bytes ?? new Uint8Array(4096),
    presence: presenceOf(runs),
    ...(frame !== undefined && { frame }),
    ...(table && { table }),
  };
}

function presenceOf(runs: NonNullable<PageParts['runs']>): readonly PresenceRun[] {
  let offset = 0;
  return runs.map(([length, presence, reason]) => {
    const run = { offset, length, presence, ...(reason !== undefined && { reason }) };
    offset += length;
    return run;
  });
}

/** A page directory of 512 entries of 8 bytes. */
export function tablePage(entries: Readonly<Record<number, bigint>>, parts: PageParts = {}): BytePage {
  const bytes = new Uint8Array(4096);
  const view = new DataView(bytes.buffer);
  for (const [slot, entry] of Object.entries(entries)) view.setBigUint64(Number(slot) * 8, entry, true);
  const table = {
    path: [3],
    name: 'PD[3]',
    level: 1,
    entryBytes: 8,
    offset: 0,
    entries: 512,
    cells: new Uint8Array(512).fill(6),
    firstPage: 0xc0000,
    pagesPerEntry: 512,
  } as const;
  return bytePage({ bytes, table, ...parts });
}
