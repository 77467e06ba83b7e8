/** What the search for roots takes in a browser, asked for on the page of roots, beside reading the file and no more. */
import { writeFile } from 'node:fs/promises';
import type { Page } from '@playwright/test';
import { dropFiles } from '../support/drop-files.ts';
import { elfDump, SparseMemory } from '../support/dump-builder.ts';
import { guestMemory } from '../support/guest-memory.ts';
import { memoryOfPage } from '../support/page-memory.ts';
import { BLOCK, firstScreen, MIB, memoryFigure, memoryRow, PLAIN } from './page.ts';
import { plainReading } from './plain-reading.ts';
import { defineBench, type Served, type Size } from './row.ts';
import { withFile } from './scratch-file.ts';

const SIZES = {
  full: { scans: 5, guest: { mebibytes: 256, processes: 8 } },
  tiny: { scans: 1, guest: { mebibytes: 16, processes: 1 } },
} as const;

/** A guest's memory with a CPU in the dump, so that it is searched when asked and not before. */
function guestCore(shape: { readonly mebibytes: number; readonly processes: number }): Uint8Array {
  const bytes = guestMemory(shape);
  return elfDump(new SparseMemory(), { segments: [{ start: 0, bytes }], cpus: [{ cr3: bytes.length / 16, cr4: 0x20 }] });
}

interface Search {
  readonly milliseconds: number;
  /** What the page says came of it. */
  readonly said: string;
  /** Bytes of memory of the page after. */
  readonly memory: number | undefined;
}

/** Runs in the page: waits for a click and then for the search to end. */
function searchEnds(): Promise<{ readonly milliseconds: number; readonly said: string }> {
  return new Promise((resolve) => {
    let start = 0;
    const begin = (): void => {
      start = performance.now();
    };
    const look = (): void => {
      const said = document.querySelector('.find-roots p')?.textContent ?? '';
      if (said !== '' && !said.startsWith('Looking')) resolve({ milliseconds: performance.now() - start, said });
    };
    addEventListener('click', begin, { capture: true, once: true });
    new MutationObserver(look).observe(document.body, { subtree: true, childList: true, characterData: true });
  });
}

async function searchRoots(page: Page): Promise<{ readonly milliseconds: number; readonly said: string }> {
  await page.keyboard.press('r');
  const button = page.getByRole('button', { name: /^Find roots/ });
  await button.waitFor();
  const end = page.evaluate(searchEnds);
  await button.click();
  return end;
}

async function search(served: Served, path: string): Promise<Search> {
  const page = await firstScreen(served);
  await dropFiles(page, [path]);
  await page.getByRole('treegrid', { name: 'Tables' }).waitFor();
  const end = await searchRoots(page);
  const memory = await memoryOfPage(served.browser);
  await page.close();
  if (!end.said.startsWith('Looked')) throw new Error(`the search ended so: ${end.said}`);
  return { ...end, memory };
}

async function measureFile(size: Size, served: Served, path: string) {
  const { scans, guest } = SIZES[size];
  const read = () => plainReading(served.browser, path, BLOCK);
  let plain = await read();
  let best = await search(served, path);
  // In turn: a machine that is busy for a while is busy for both.
  for (let i = 1; i < scans; i++) {
    plain = Math.min(plain, await read());
    const next = await search(served, path);
    if (next.milliseconds < best.milliseconds) best = next;
  }
  const { milliseconds, said, memory } = best;
  const speed = (spent: number) => `${((guest.mebibytes * MIB) / spent / 1e6).toFixed(2)} GB/s`;
  return {
    search: { ratio: (plain / milliseconds) * 100, milliseconds, note: `${speed(milliseconds)}; “${said}”` },
    plain: { ratio: 100, milliseconds: plain, note: speed(plain) },
    memory: memoryFigure(memory),
  };
}

const measure = (size: Size, served: Served) =>
  withFile(
    'guest.elf',
    (path) => writeFile(path, guestCore(SIZES[size].guest)),
    (path) => measureFile(size, served, path),
  );

export default [
  defineBench({
    rows: {
      search: { what: 'page: search for roots in 256 MiB', beside: PLAIN, unit: '%', aim: { least: 80 }, judged: true },
      plain: { what: 'page: plain reading of 256 MiB', beside: PLAIN, unit: '%' },
      memory: memoryRow('after a search for roots in 256 MiB'),
    },
    measure: async (size, serve) => measure(size, await serve()),
  }),
];
