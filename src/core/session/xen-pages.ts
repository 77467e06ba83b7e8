import type { BytePage } from './contract.ts';
import { M2P_KINDS } from './contract.ts';
import type { M2pTable } from './m2p-table.ts';
import type { XenTables } from './xen-tables.ts';

/** The same page with what Xen's structures say of its bytes: words of the M2P, fields of start_info and shared_info. */
export function withXenWords(page: BytePage, tables: XenTables, m2p: M2pTable | undefined): BytePage {
  if (page.frame === undefined || page.table) return page;
  const words = m2p && m2pOf(page.frame, tables, m2p);
  const struct = structOf(page.frame, tables);
  return words || struct ? { ...page, ...(words && { m2p: words }), ...(struct && { struct }) } : page;
}

/** A frame of the table, whichever alias of it is looked at. */
function m2pOf(frame: number, { window }: XenTables, m2p: M2pTable): BytePage['m2p'] {
  const stretch = window?.stretches.find((one) => frame >= one.frame && frame < one.frame + one.pages);
  if (!window || !stretch) return undefined;
  const { bytesPerWord, firstPage } = window;
  const wordsPerPage = 4096 / bytesPerWord;
  const firstMfn = (stretch.page + frame - stretch.frame - firstPage) * wordsPerPage;
  const kinds = Uint8Array.from({ length: wordsPerPage }, (_, word) => M2P_KINDS.indexOf(m2p.kindAt(firstMfn + word)));
  return { firstMfn, bytesPerWord, kinds };
}

function structOf(frame: number, { startInfo, sharedInfo }: XenTables): BytePage['struct'] {
  if (startInfo?.frame === frame) return { name: 'start_info', fields: startInfo.fields };
  return sharedInfo?.frame === frame ? { name: 'shared_info', fields: sharedInfo.fields } : undefined;
}
