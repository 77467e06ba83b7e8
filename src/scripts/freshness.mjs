import { createHash } from 'node:crypto';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './root.mjs';

/** @returns {string[]} */
function filesUnder(path) {
  const stat = statSync(join(root, path), { throwIfNoEntry: false });
  if (!stat) return [];
  if (!stat.isDirectory()) return [`${path}:${stat.size}:${stat.mtimeMs}`];
  return readdirSync(join(root, path)).flatMap((name) => filesUnder(`${path}/${name}`));
}

/** A short word that changes when any of these files (or files below these folders) is written, added or removed. */
export function stateOf(paths) {
  return createHash('sha256').update(paths.flatMap(filesUnder).sort().join('\n')).digest('hex').slice(0, 16);
}
