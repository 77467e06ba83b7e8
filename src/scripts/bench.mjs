/**
 * `npm run bench [NAME…]`: runs test/bench/*.bench.ts, one after another, and prints a row for each measurement. A run of all of them, none
 * left out, is written to test/bench/RESULTS.md with the machine. The benches that measure the page get the built one, in a browser.
 */
import { readdirSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { buildIfStale } from './build.mjs';
import { findBrowser } from './find-browser.mjs';
import { nodeBundle } from './node-bundle.mjs';
import { root } from './root.mjs';
import { serveDist } from './serve.mjs';

const wanted = process.argv.slice(2);
const files = readdirSync(join(root, 'test/bench'))
  .filter((file) => file.endsWith('.bench.ts'))
  .filter((file) => wanted.length === 0 || wanted.some((word) => file.includes(word)));
const { cellsOf, resultsPage } = await load('table.ts');
const measured = [];
/** @type {Promise<Awaited<ReturnType<typeof startBrowser>>> | undefined} */
let served;

try {
  for (const file of files) await run(file);
  if (files.length === 0) {
    process.stderr.write('No such bench in test/bench.\n');
    process.exitCode = 1;
  } else if (wanted.length === 0) writeFileSync(join(root, 'test/bench/RESULTS.md'), resultsPage(measured, await machine()));
} finally {
  await (await served)?.close();
}

/** @param {string} file */
async function run(file) {
  process.stdout.write(`── ${file.replace('.bench.ts', '')}\n`);
  for (const { rows, measure } of (await load(file)).default) {
    const figures = await measure('full', serve);
    for (const [name, row] of Object.entries(rows)) {
      measured.push({ row, figure: figures[name] });
      const { what, ratio, aim, met, milliseconds, note } = cellsOf(row, figures[name]);
      const told = [aim && `aim ${aim}: ${met}`, note].filter(Boolean).join('; ');
      process.stdout.write(`  ${what.padEnd(76)} ${ratio.padStart(9)}  ${milliseconds.padStart(7)} ms  ${told}\n`);
    }
  }
}

/** @param {string} file in test/bench */
async function load(file) {
  const name = `pagewalk-bench-${file.replace(/(\.bench)?\.ts$/, '')}`;
  return import(await nodeBundle({ name, entry: `test/bench/${file}`, sources: ['src/core', 'src/cli', 'test/bench', 'test/support'] }));
}

/** Starts the browser when first asked. */
function serve() {
  served ??= startBrowser();
  return served;
}

async function startBrowser() {
  const { chromium } = await import('@playwright/test');
  await buildIfStale();
  const server = await serveDist({ port: 0 });
  const args = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const browser = await chromium.launch({ executablePath: await findBrowser(), args });
  const close = async () => {
    await browser.close();
    await server.close();
  };
  return { browser, url: server.url, close };
}

async function machine() {
  const processors = cpus();
  const browser = (await served)?.browser.version();
  return {
    processors: `${processors.length} × ${processors[0]?.model ?? 'unknown processor'}`,
    versions: `Node ${process.versions.node}${browser ? `, Chromium ${browser}` : ''}`,
    load: loadavg(),
  };
}
