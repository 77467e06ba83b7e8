/**
 * What reading a fully mapped PAE space costs (2,048 page tables, 1,048,576 PTEs), as ratios to one plain pass over the same words:
 * the walk with its atlas, the reverse index, and the BigInt oracle. Ratios, since milliseconds are the machine's.
 */
import { Bench } from 'tinybench';
import { buildAtlas } from '#core/atlas/build-atlas.ts';
import { buildFrameIndex } from '#core/atlas/frame-index.ts';
import { quietTask } from '#core/base/task.ts';
import { openDump } from '#core/formats/index.ts';
import { bytesSource } from '#core/memory/byte-source.ts';
import { usualFeatures } from '#core/paging/modes.ts';
import { fetchTables } from '#core/tables/fetch-tables.ts';
import { walkByTheManual } from '../support/manual.ts';

const PAGES = 2 ** 20;
const ENTRIES = 512;
const PAGE_TABLES = PAGES / ENTRIES;
/** Frames in the dump: the PDPT, four PDs, then the page tables. */
const FIRST_PT = 5;
/** P, R/W, U/S, A and D. */
const LEAF = 0x67;

/** A raw dump that holds nothing but the tables of one space in which page p maps `frameOf(p)`. */
function fullSpace(frameOf: (page: number) => number): Uint32Array {
  const words = new Uint32Array((FIRST_PT + PAGE_TABLES) * 1024);
  for (let i = 0; i < 4; i++) words[i * 2] = (1 + i) * 4096 + 1;
  for (let i = 0; i < PAGE_TABLES; i++) words[1024 + i * 2] = (FIRST_PT + i) * 4096 + LEAF;
  for (let page = 0; page < PAGES; page++) {
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

function oraclePass(words: Uint32Array): bigint {
  const view = new DataView(words.buffer);
  const memory = {
    read: (address: bigint, bytes: 4 | 8) => (bytes === 8 ? view.getBigUint64(Number(address), true) : BigInt(view.getUint32(Number(address), true))),
  };
  let sum = 0n;
  for (let page = 0; page < PAGES; page += ORACLE_SHARE) {
    const answer = walkByTheManual(memory, 'pae', 0n, BigInt(page) << 12n);
    if (answer.kind === 'mapped') sum += answer.address >> 12n;
  }
  return sum;
}

const root = { address: 0, mode: 'pae' } as const;

async function measure(title: string, frameOf: (page: number) => number): Promise<void> {
  const words = fullSpace(frameOf);
  const { dump } = await openDump(bytesSource(new Uint8Array(words.buffer)), quietTask, { formatId: 'raw' });
  const fetch = () => fetchTables(dump.image, root, usualFeatures, quietTask);
  const forest = await fetch();
  const atlas = buildAtlas(forest);
  const bench = new Bench({ time: 0, iterations: 15, warmupTime: 0, warmupIterations: 5 });
  let kept: unknown;
  bench
    .add('plain pass', () => {
      kept = plainPass(words);
    })
    .add('fetch', async () => {
      kept = await fetch();
    })
    .add('atlas', () => {
      kept = buildAtlas(forest);
    })
    .add('index', () => {
      kept = buildFrameIndex(atlas);
    })
    .add('oracle', () => {
      kept = oraclePass(words);
    });
  await bench.run();
  if (kept === undefined) throw new Error('nothing was measured');
  print(title, bench, atlas.runs.count);
}

function print(title: string, bench: Bench, rows: number): void {
  const median = (name: string) => {
    const result = bench.getTask(name)?.result;
    if (!result || !('latency' in result)) throw new Error(`${name} was not measured`);
    return result.latency.p50;
  };
  const plain = median('plain pass');
  const times = (milliseconds: number) => `${(milliseconds / plain).toFixed(1).padStart(7)} ×  ${milliseconds.toFixed(1).padStart(8)} ms`;
  const walk = median('atlas');
  const oracle = median('oracle') * ORACLE_SHARE;
  const lines = [
    `${title}: 1,048,576 PTEs, ${rows.toLocaleString('en')} runs`,
    `  plain pass over the words      ${times(plain)}`,
    `  walk: atlas of held tables     ${times(walk)}   aim: 4 ×`,
    `  reverse index                  ${times(median('index'))}   aim: 4 × more`,
    `  fetching the tables            ${times(median('fetch'))}`,
    `  BigInt oracle                  ${times(oracle)}   ${(oracle / walk).toFixed(0)} × the walk`,
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}

await measure('frames in order', (page) => page + 0x100);
// An odd multiplier visits every frame once and puts no two neighbours together: the most runs there can be.
await measure('frames scattered', (page) => ((page * 0x9e375) % PAGES) + 0x100);
