import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { stateOf } from './freshness.mjs';
import { root } from './root.mjs';

const sources = ['src', 'public', 'index.html', 'vite.config.ts', 'package.json', 'package-lock.json'];
const markFolder = join(root, 'node_modules/.cache');
const mark = join(markFolder, 'pagewalk-dist');

/** Builds dist/ unless it was built from exactly these files. */
export async function buildIfStale() {
  const state = stateOf(sources);
  if (existsSync(join(root, 'dist/index.html')) && existsSync(mark) && readFileSync(mark, 'utf8') === state) return;
  const { build } = await import('vite');
  await build({ root, logLevel: 'warn' });
  await mkdir(markFolder, { recursive: true });
  writeFileSync(mark, state);
}
