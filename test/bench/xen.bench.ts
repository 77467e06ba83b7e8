/**
 * What the checks of Xen's tables cost over an M2P of 4 Mi words (a machine of 16 GB) that is read already, as ratios to one plain
 * pass over the same words: the cross-check both ways, the sums and runs that the M2P page is drawn from, a million look-ups, and the audit of
 * a million PTEs for PFNs. Ratios, since milliseconds are the machine's; the aim in milliseconds is the issue's.
 */
import { Bench } from 'tinybench';
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

const WORDS = 4 * 2 ** 20;
const LOOK_UPS = 2 ** 20;
/** The guest has three of four frames, the rest is fill. */
const PFNS = 3 * 2 ** 20;
/** Odd, so that it visits every frame once. */
const STRIDE = 0x9e375;

function tablesOf(mfnOf: (pfn: number) => number): { readonly p2m: P2m; readonly m2p: M2p } {
  const mfns = Uint32Array.from({ length: PFNS }, (_, pfn) => mfnOf(pfn));
  const words = new Uint32Array(WORDS).fill(DEBUG_FILL);
  mfns.forEach((mfn, pfn) => {
    words[mfn] = pfn;
  });
  // One lie, without which there is nothing to look for.
  words[mfns[12_345] ?? 0] = 0xbadf;
  const held = new Uint8Array(WORDS / 1024).fill(PAGE_HELD);
  return { p2m: { mfns, count: PFNS, source: 'made' }, m2p: { words, held, wordsPerPage: 1024, source: 'made' } };
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
async function fullSpace(frameOf: (page: number) => number) {
  const [entries, firstTable, flags] = [2 ** 20, 5, 0x63];
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

async function measure(title: string, mfnOf: (pfn: number) => number): Promise<void> {
  const { p2m, m2p } = tablesOf(mfnOf);
  const tables: XenTables = { p2ms: [p2m], m2p, window: { firstPage: 0xf5800, bytesPerWord: 4, stretches: [], entries: WORDS } };
  const pfns = invertP2m(p2m);
  const space = await fullSpace((page) => mfnOf(page) % 2 ** 20);
  if (auditPfns(space).checked < 2 ** 20) throw new Error('the audit did not see every entry');
  const table = M2pTable.of(tables);
  const bench = new Bench({ time: 0, iterations: 15, warmupTime: 0, warmupIterations: 5 });
  let kept: unknown;
  const add = (name: string, job: () => unknown) =>
    bench.add(name, () => {
      kept = job();
    });
  add('plain pass', () => plainPass(p2m, m2p));
  add('cross-check', () => crossCheck(p2m, m2p));
  add('runs', () => M2pTable.of(tables));
  add('sums', () => table?.cells(0, 4096, WORDS / 4096));
  add('inverse', () => invertP2m(p2m));
  add('look-ups', () => {
    let found = 0;
    for (let i = 0, mfn = 0; i < LOOK_UPS; i++) {
      mfn = (mfn + STRIDE) & (WORDS - 1);
      if (kindOfM2pWord(m2pWord(m2p, mfn)) === 'valid' && pfnOf(pfns, mfn) !== undefined) found++;
    }
    return found;
  });
  add('audit', () => auditPfns(space));
  await bench.run();
  if (kept === undefined) throw new Error('nothing was measured');
  print(title, bench);
}

const NAMES = {
  'plain pass': 'plain pass, each word and its way back',
  'cross-check': 'cross-check both ways              aim: 100 ms',
  runs: 'codes and runs of the page         aim: 100 ms',
  sums: 'sums of the page’s picture         aim: 100 ms',
  inverse: 'the P2M turned round',
  'look-ups': '1 Mi look-ups, out of order',
  audit: 'audit of 1 Mi PTEs for PFNs        aim: 100 ms',
} as const;

function print(title: string, bench: Bench): void {
  const median = (name: string): number => {
    const result = bench.getTask(name)?.result;
    if (!result || !('latency' in result)) throw new Error(`${name} was not measured`);
    return result.latency.p50;
  };
  const plain = median('plain pass');
  const lines = Object.entries(NAMES).map(([name, words]) => {
    const time = median(name);
    return `  ${words.padEnd(50)} ${(time / plain).toFixed(1).padStart(6)} ×  ${time.toFixed(1).padStart(7)} ms`;
  });
  process.stdout.write(`${title}: 4,194,304 words of the M2P, 3,145,728 of the P2M\n${lines.join('\n')}\n`);
}

await measure('frames in order', (pfn) => pfn + 0x100);
await measure('frames scattered', (pfn) => (pfn * STRIDE) % WORDS);
