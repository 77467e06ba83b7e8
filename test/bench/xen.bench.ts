/**
 * What the checks of Xen's tables cost over an M2P of 4 Mi words (a machine of 16 GB) that is read already, as ratios to one plain
 * pass over the same words: the cross-check both ways, the sums and runs that the M2P page is drawn from, a million look-ups, and the audit of
 * a million PTEs for PFNs. Ratios, since milliseconds are the machine's; the aim in milliseconds is the issue's.
 */
import { quietTask } from '#core/base/task.ts';
import { openDump } from '#core/formats/index.ts';
import { bytesSource } from '#core/memory/byte-source.ts';
import { usualFeatures } from '#core/paging/modes.ts';
import { M2pTable } from '#core/session/m2p-table.ts';
import type { XenTables } from '#core/session/xen-tables.ts';
import { fetchTables } from '#core/tables/fetch-tables.ts';
import { crossCheck } from '#core/xen/cross-check.ts';
import { invertP2m, type P2m, pfnOf } from '#core/xen/frame-numbers.ts';
import { DEBUG_FILL, kindOfM2pWord, type M2p, m2pWord, PAGE_HELD } from '#core/xen/m2p.ts';
import { auditPfns } from '#core/xen/pfn-audit.ts';
import { beside, medians, processorTime } from './medians.ts';
import { defineBench, type Size } from './row.ts';

/** Words of the M2P. The guest has three of four frames, the rest is fill. */
const WORDS = { full: 4 * 2 ** 20, tiny: 2 ** 14 } as const;
/** PTEs of the audit, at least a page table. */
const PTES = { full: 2 ** 20, tiny: 2 ** 12 } as const;
const LOOK_UPS = { full: 2 ** 20, tiny: 100 } as const;
/** Odd, so that it visits every frame once. */
const STRIDE = 0x9e375;

function tablesOf(entries: number, mfnOf: (pfn: number) => number): { readonly p2m: P2m; readonly m2p: M2p } {
  const pfns = (entries / 4) * 3;
  const mfns = Uint32Array.from({ length: pfns }, (_, pfn) => mfnOf(pfn));
  const words = new Uint32Array(entries).fill(DEBUG_FILL);
  mfns.forEach((mfn, pfn) => {
    words[mfn] = pfn;
  });
  // One lie, without which there is nothing to look for.
  words[mfns[5_432] ?? 0] = 0xbadf;
  const held = new Uint8Array(entries / 1024).fill(PAGE_HELD);
  return { p2m: { mfns, count: pfns, source: 'made' }, m2p: { words, held, wordsPerPage: 1024, source: 'made' } };
}

/** The least that any check must do: every word of the M2P once, its way back looked up where it is a PFN. */
function plainPass({ mfns }: P2m, { words }: M2p): number {
  let ours = 0;
  for (let mfn = 0; mfn < words.length; mfn++) {
    const word = words[mfn] ?? 0;
    if (word < mfns.length && mfns[word] === mfn) ours++;
  }
  return ours;
}

/** A full PAE space whose page p maps the guest's frame p, as a raw dump of its tables alone; these have the PFNs after. */
async function fullSpace(entries: number, frameOf: (page: number) => number) {
  const [firstTable, flags] = [5, 0x63];
  const mfns = Uint32Array.from({ length: entries + firstTable + entries / 512 }, (_, pfn) =>
    pfn < entries ? 0x1000 + frameOf(pfn) : pfn - entries,
  );
  const words = new Uint32Array((firstTable + entries / 512) * 1024);
  for (let i = 0; i < 4; i++) words[i * 2] = (1 + i) * 4096 + 1;
  for (let i = 0; i < entries / 512; i++) words[1024 + i * 2] = (firstTable + i) * 4096 + flags;
  for (let page = 0; page < entries; page++) {
    const mfn = mfns[page] ?? 0;
    words[firstTable * 1024 + page * 2] = (mfn % 2 ** 20) * 4096 + flags;
    words[firstTable * 1024 + page * 2 + 1] = Math.floor(mfn / 2 ** 20);
  }
  const { dump } = await openDump(bytesSource(new Uint8Array(words.buffer)), quietTask, { formatId: 'raw' });
  const forest = await fetchTables(dump.image, { address: 0, mode: 'pae' }, usualFeatures, quietTask);
  const p2m: P2m = { mfns, count: mfns.length, source: 'made' };
  return { forest, p2m, pfns: invertP2m(p2m), guestPages: [{ firstPage: 0, pageCount: entries }], bases: [0], lent: new Set<number>() };
}

function lookUps(times: number, m2p: M2p, pfns: ReturnType<typeof invertP2m>): number {
  let found = 0;
  for (let i = 0, mfn = 0; i < times; i++) {
    mfn = (mfn + STRIDE) & (m2p.words.length - 1);
    if (kindOfM2pWord(m2pWord(m2p, mfn)) === 'valid' && pfnOf(pfns, mfn) !== undefined) found++;
  }
  return found;
}

async function measure(size: Size, mfnOf: (pfn: number, words: number) => number) {
  const [words, ptes] = [WORDS[size], PTES[size]];
  const { p2m, m2p } = tablesOf(words, (pfn) => mfnOf(pfn, words));
  const tables: XenTables = { p2ms: [p2m], m2p, window: { firstPage: 0xf5800, bytesPerWord: 4, stretches: [], entries: words } };
  const pfns = invertP2m(p2m);
  const space = await fullSpace(ptes, (page) => mfnOf(page, words) % ptes);
  if (auditPfns(space).checked < ptes) throw new Error('the audit did not see every entry');
  const table = M2pTable.of(tables);
  const took = await medians(
    {
      plain: () => plainPass(p2m, m2p),
      crossCheck: () => crossCheck(p2m, m2p),
      runs: () => M2pTable.of(tables),
      sums: () => table?.cells(0, 4096, words / 4096),
      inverse: () => invertP2m(p2m),
      lookUps: () => lookUps(LOOK_UPS[size], m2p, pfns),
      audit: () => auditPfns(space),
    },
    size,
    processorTime,
  );
  const of = (milliseconds: number, note?: string) => beside(took.plain, milliseconds, note);
  return {
    plain: of(took.plain, `${words.toLocaleString('en')} words of the M2P, ${p2m.count.toLocaleString('en')} of the P2M`),
    crossCheck: of(took.crossCheck),
    runs: of(took.runs),
    sums: of(took.sums),
    inverse: of(took.inverse),
    lookUps: of(took.lookUps),
    audit: of(took.audit),
  };
}

const PLAIN = 'a plain pass, each word and its way back';
const aim = { mostMilliseconds: 100 } as const;

const bench = (frames: string, mfnOf: (pfn: number, words: number) => number) => {
  const row = (what: string) => ({ what: `M2P, frames ${frames}: ${what}`, beside: PLAIN });
  return defineBench({
    rows: {
      plain: row('plain pass'),
      crossCheck: { ...row('cross-check both ways'), aim },
      runs: { ...row('codes and runs of the page'), aim },
      sums: { ...row('sums of the page’s picture'), aim },
      inverse: row('the P2M turned round'),
      lookUps: row('1 Mi look-ups, out of order'),
      audit: { ...row('audit of 1 Mi PTEs for PFNs'), aim },
    },
    measure: (size) => measure(size, mfnOf),
  });
};

export default [bench('in order', (pfn) => pfn + 0x100), bench('scattered', (pfn, words) => (pfn * STRIDE) % words)];
