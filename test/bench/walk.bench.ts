/**
 * What reading a fully mapped PAE space costs (2,048 page tables, 1,048,576 PTEs), as ratios to one plain pass over the same words:
 * the walk with its atlas, the reverse index, and the BigInt oracle. Ratios, since milliseconds are the machine's.
 */
import { buildAtlas } from '#core/atlas/build-atlas.ts';
import { buildFrameIndex } from '#core/atlas/frame-index.ts';
import { quietTask } from '#core/base/task.ts';
import { openDump } from '#core/formats/index.ts';
import { bytesSource } from '#core/memory/byte-source.ts';
import { usualFeatures } from '#core/paging/modes.ts';
import { fetchTables } from '#core/tables/fetch-tables.ts';
import { walkByTheManual } from '../support/manual.ts';
import { beside, medians, processorTime } from './medians.ts';
import { defineBench, type Size } from './row.ts';

const PAGES = { full: 2 ** 20, tiny: 2 ** 12 } as const;
const ENTRIES = 512;
/** Frames in the dump: the PDPT, four PDs, then the page tables. */
const FIRST_PT = 5;
/** P, R/W, U/S, A and D. */
const LEAF = 0x67;

/** A raw dump that holds nothing but the tables of one space of so many pages in which page p maps `frameOf(p)`. */
function fullSpace(pages: number, frameOf: (page: number) => number): Uint32Array {
  const pageTables = pages / ENTRIES;
  const words = new Uint32Array((FIRST_PT + pageTables) * 1024);
  for (let i = 0; i < 4; i++) words[i * 2] = (1 + i) * 4096 + 1;
  for (let i = 0; i < pageTables; i++) words[1024 + i * 2] = (FIRST_PT + i) * 4096 + LEAF;
  for (let page = 0; page < pages; page++) {
    const frame = frameOf(page);
    const at = FIRST_PT * 1024 + page * 2;
    words[at] = (frame % 2 ** 20) * 4096 + LEAF;
    words[at + 1] = Math.floor(frame / 2 ** 20);
  }
  return words;
}

/** The least that any walk must do: every word of every PT once, its frame taken where P is set. */
function plainPass(words: Uint32Array): number {
  let sum = 0;
  for (let at = FIRST_PT * 1024; at < words.length; at += 2) {
    const low = words[at] ?? 0;
    if ((low & 1) !== 0) sum += (low >>> 12) + ((words[at + 1] ?? 0) & 0xfffff) * 2 ** 20;
  }
  return sum;
}

/** Every 64th page by the oracle: it is that slow. */
const ORACLE_SHARE = 64;

function oraclePass(words: Uint32Array, pages: number): bigint {
  const view = new DataView(words.buffer);
  const memory = {
    read: (address: bigint, bytes: 4 | 8) => (bytes === 8 ? view.getBigUint64(Number(address), true) : BigInt(view.getUint32(Number(address), true))),
  };
  let sum = 0n;
  for (let page = 0; page < pages; page += ORACLE_SHARE) {
    const answer = walkByTheManual(memory, 'pae', 0n, BigInt(page) << 12n);
    if (answer.kind === 'mapped') sum += answer.address >> 12n;
  }
  return sum;
}

const root = { address: 0, mode: 'pae' } as const;

async function measure(size: Size, frameOf: (page: number, pages: number) => number) {
  const pages = PAGES[size];
  const words = fullSpace(pages, (page) => frameOf(page, pages));
  const { dump } = await openDump(bytesSource(new Uint8Array(words.buffer)), quietTask, { formatId: 'raw' });
  const fetch = () => fetchTables(dump.image, root, usualFeatures, quietTask);
  const forest = await fetch();
  const atlas = buildAtlas(forest);
  const times = await medians(
    {
      plain: () => plainPass(words),
      fetch,
      walk: () => buildAtlas(forest),
      index: () => buildFrameIndex(atlas),
      oracle: () => oraclePass(words, pages),
    },
    size,
    processorTime,
  );
  const oracle = times.oracle * ORACLE_SHARE;
  const of = (time: number, note?: string) => beside(times.plain, time, note);
  return {
    plain: of(times.plain, `${pages.toLocaleString('en')} PTEs`),
    walk: of(times.walk, `${atlas.runs.count.toLocaleString('en')} runs`),
    index: of(times.index),
    fetch: of(times.fetch),
    oracle: of(oracle, `${(oracle / times.walk).toFixed(0)} × the walk`),
  };
}

const PLAIN = 'a plain pass over the words';

const bench = (frames: string, frameOf: (page: number, pages: number) => number) =>
  defineBench({
    rows: {
      walk: {
        ...{ what: `PAE space, frames ${frames}: full walk`, beside: PLAIN, aim: { most: 4 }, judged: true },
        why: 'a row of 10 bytes for each page goes to memory never touched before, which alone takes 1.5 ×',
      },
      index: { what: `PAE space, frames ${frames}: reverse index`, beside: PLAIN, aim: { most: 4 }, judged: true },
      plain: { what: `PAE space, frames ${frames}: plain pass`, beside: PLAIN },
      fetch: { what: `PAE space, frames ${frames}: fetching the tables`, beside: PLAIN },
      oracle: { what: `PAE space, frames ${frames}: walk by the BigInt oracle`, beside: PLAIN },
    },
    measure: (size) => measure(size, frameOf),
  });

export default [
  bench('in order', (page) => page + 0x100),
  // An odd multiplier visits every frame once and puts no two neighbours together: the most runs there can be.
  bench('scattered', (page, pages) => ((page * 0x9e375) % pages) + 0x100),
];
