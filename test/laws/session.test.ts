import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { quietTask } from '#core/base/task.ts';
import { virtualPage } from '#core/memory/address.ts';
import { bytesSource } from '#core/memory/byte-source.ts';
import { pagingMode } from '#core/paging/modes.ts';
import { COVERAGE_COLUMNS, type RootChoice } from '#core/session/contract.ts';
import { leaves } from '#core/session/leaves.ts';
import { openSession, type Session } from '#core/session/session.ts';
import { pageFrom, type RandomMachine, randomMachine } from '../support/random-tables.ts';

/** Asks everything the page asks, once; whatever the dump holds, each must answer. */
async function askEverything(session: Session, root: RootChoice, pages: readonly number[]): Promise<void> {
  const atlas = await session.atlas(root);
  const { pageCount } = pagingMode(root.mode);
  const sum = COVERAGE_COLUMNS.slice(0, 7).reduce((total, column) => total + atlas.counts[column], 0);
  expect(sum).toBe(pageCount);
  await session.coverage(root, [{ firstPage: 0, pageCount, bins: 64 }]);
  await session.table(root, []);
  for (const page of pages) {
    const address = { page: virtualPage(page % pageCount), offset: page % 4096 };
    const walked = await session.translate(root, address);
    await session.explain(root, address);
    await session.table(root, walked.path, walked.slot);
    await session.passport(root, walked.steps.at(-1)?.tableFrame ?? 0);
    await session.readPages(root, 'virtual', address.page, 2);
    await session.readPages(root, 'machine', walked.steps.at(-1)?.tableFrame ?? 0, 2);
    await session.readPages(root, 'file', page % 1000, 2);
    await session.readings(root, page.toString(16), address);
    await session.nextMapped(root, address.page, 1);
    await session.nextMapped(root, address.page, -1);
  }
}

async function openAndAsk(bytes: Uint8Array, pages: readonly number[]): Promise<void> {
  const session = await openSession(bytesSource(bytes), quietTask);
  const { roots, problems } = await session.summary();
  for (const problem of problems) expect(problem.text).not.toBe('');
  for (const root of roots) await askEverything(session, root, pages);
  if (roots.length === 0) await askEverything(session, await session.considerRoot(0x1000, 'pae'), pages);
}

const samples = ['xen-devel-pae-guest-address-maps.txt'].map((name) => ({
  name,
  bytes: new Uint8Array(readFileSync(new URL(`../../public/samples/${name}`, import.meta.url))),
}));
const PAGES = [0, 0xc0000, 0xc0800, 0xf5800, 0xfde00, 0xfdfef, 0xff000, 0xfffff];

describe.each(samples)('$name', ({ bytes }) => {
  it('answers everything when cut at any 512 bytes', async () => {
    for (let end = 0; end <= bytes.length; end += 512) await openAndAsk(bytes.slice(0, end), PAGES);
  });

  it('answers everything with bytes flipped', async () => {
    const flips = fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), { minLength: 1, maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(flips, async (list) => {
        const changed = bytes.slice();
        for (const [at, value] of list) changed[at] = value;
        await openAndAsk(changed, PAGES.slice(0, 4));
      }),
      { numRuns: 60 },
    );
  });
});

describe.each(['32-bit', 'pae', '4-level', '5-level'] as const)('hostile trees, %s', (mode) => {
  it('answers everything', async () => {
    const picks = fc.array(fc.array(fc.nat(1000), { minLength: 5, maxLength: 5 }), { minLength: 2, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(randomMachine(mode), picks, async (machine, list) => {
        const session = await openSession(bytesSource(rawImage(machine)), quietTask, { formatId: 'raw' });
        const root = await session.considerRoot(machine.root, mode);
        await askEverything(
          session,
          root,
          list.map((pick) => pageFrom(machine, pick)),
        );
      }),
      { numRuns: 40 },
    );
  });
});

/** As a raw image: frames above are absent, as in a cut file. */
const RAW_FRAMES = 0x110;

function rawImage(machine: RandomMachine): Uint8Array {
  const bytes = new Uint8Array(RAW_FRAMES * 4096);
  for (const [frame, content] of machine.frames) if (frame < RAW_FRAMES) bytes.set(content, frame * 4096);
  return bytes;
}

it('counts the places of a frame as a plain listing does', async () => {
  await fc.assert(
    fc.asyncProperty(randomMachine('pae'), async (machine) => {
      const session = await openSession(bytesSource(rawImage(machine)), quietTask, { formatId: 'raw' });
      const root = await session.considerRoot(machine.root, 'pae');
      const all = [...leaves((await session.openRoot(root)).forest)];
      const frames = new Set(all.slice(0, 2000).map(({ frame }) => frame));
      for (const frame of [...frames].slice(0, 8)) {
        const places = all.filter((leaf) => frame >= leaf.frame && frame < leaf.frame + leaf.pages).length;
        expect((await session.passport(root, frame)).placeCount).toBe(places);
      }
    }),
    { numRuns: 60 },
  );
});
