import { bytesText } from '#core/base/hex.ts';
import type { Border } from '#core/session/contract.ts';
import type { MapRow } from './rows.ts';

/** A bracket beside the rows of one side. */
export interface Bracket {
  readonly label: string;
  readonly top: number;
  readonly height: number;
}

const PAGE_BYTES = 4096;

/** One bracket a side: rows of one side stand together, for sides are cut by address. */
export function bracketsOf(rows: readonly MapRow[], borders: readonly Border[], spacePages: number): readonly Bracket[] {
  const brackets: { side: string; page: number; top: number; bottom: number }[] = [];
  for (const row of rows) {
    if (row.kind !== 'region') continue;
    const region = row.regions[0];
    if (!region?.side) continue;
    const last = brackets.at(-1);
    if (last?.side === region.side) last.bottom = row.top + row.height;
    else brackets.push({ side: region.side, page: region.firstPage, top: row.top, bottom: row.top + row.height });
  }
  return brackets.map(({ side, page, top, bottom }) => ({ label: `${side}${sizeOfSide(page, borders, spacePages)}`, top, height: bottom - top }));
}

/** ", 1 GB": from the border below the page to the border above. Not said of a canonical half: its size is the mode's. */
function sizeOfSide(page: number, borders: readonly Border[], spacePages: number): string {
  if (borders.some((border) => border.kind === 'canonical')) return '';
  const owners = borders.filter((border) => border.kind === 'owner').map((border) => border.page);
  const from = Math.max(0, ...owners.filter((border) => border <= page));
  const to = Math.min(spacePages, ...owners.filter((border) => border > page));
  return `, ${bytesText((to - from) * PAGE_BYTES)}`;
}
