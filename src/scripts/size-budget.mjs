/** What the browser fetches before the first screen, and whether it is within its budget. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import { root } from './root.mjs';

const BUDGET_KB = 220;

/** Scripts, preloads and styles that index.html names, and the static imports of those scripts. */
function loadedAtStart(dist) {
  const page = readFileSync(join(dist, 'index.html'), 'utf8');
  const waiting = [...page.matchAll(/(?:src|href)="\.\/(assets\/[^"]+\.(?:js|css))"/g)].map((match) => match[1]);
  const files = new Set(['index.html']);
  for (let file = waiting.pop(); file; file = waiting.pop()) {
    if (files.has(file)) continue;
    files.add(file);
    if (file.endsWith('.js')) waiting.push(...staticImports(readFileSync(join(dist, file), 'utf8')));
  }
  return [...files];
}

function staticImports(script) {
  return [...script.matchAll(/(?:from|import)\s*["']\.\/([^"']+\.js)["']/g)].map((match) => `assets/${match[1]}`);
}

const gzipped = (dist, file) => gzipSync(readFileSync(join(dist, file))).length / 1024;

/** @returns {{ within: boolean, text: string }} */
export function measure() {
  const dist = join(root, 'dist');
  const files = loadedAtStart(dist);
  const kb = files.reduce((sum, file) => sum + gzipped(dist, file), 0);
  const fonts = readdirSync(join(dist, 'assets')).filter((file) => file.endsWith('.woff2'));
  const fontKb = fonts.reduce((sum, file) => sum + readFileSync(join(dist, 'assets', file)).length / 1024, 0);
  const text = `initial page ${kb.toFixed(1)} KB gzip of ${BUDGET_KB} (${files.length} files; fonts ${fontKb.toFixed(1)} KB more)`;
  return { within: kb < BUDGET_KB && files.length > 2, text };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const { within, text } = measure();
  process.stdout.write(`${text}\n`);
  process.exitCode = within ? 0 : 1;
}
