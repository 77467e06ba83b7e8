import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { stateOf } from './freshness.mjs';
import { root } from './root.mjs';

/**
 * Bundles a TypeScript entry for Node and keeps the bundle until a source changes. Prints nothing to stdout.
 * @param {{ name: string, entry: string, sources: string[] }} bundle `name` of the cache folder; `sources` decide whether it is stale
 * @returns {Promise<string>} URL to import
 */
export async function nodeBundle({ name, entry, sources }) {
  const cache = join(root, 'node_modules/.cache', name);
  const folder = join(cache, stateOf([...sources, 'package-lock.json', 'src/scripts/node-bundle.mjs']));
  const file = join(folder, 'main.mjs');
  if (!existsSync(file)) await bundle(entry, cache, folder);
  return pathToFileURL(file).href;
}

/** Two commands may build at once: each builds aside and the first to finish puts its folder in place. */
async function bundle(entry, cache, folder) {
  const { build } = await import('vite');
  const aside = join(cache, `building-${process.pid}`);
  await mkdir(cache, { recursive: true });
  const old = (await readdir(cache)).filter((name) => !name.startsWith('building-'));
  await build({
    root,
    configFile: false,
    publicDir: false,
    logLevel: 'error',
    ssr: { noExternal: true, target: 'node' },
    build: {
      ssr: join(root, entry),
      outDir: aside,
      emptyOutDir: true,
      target: 'node20',
      minify: false,
      rolldownOptions: { output: { entryFileNames: 'main.mjs', chunkFileNames: '[name]-[hash].mjs' } },
    },
  });
  await rename(aside, folder).catch(() => rm(aside, { recursive: true, force: true }));
  await Promise.all(old.map((name) => rm(join(cache, name), { recursive: true, force: true })));
}
