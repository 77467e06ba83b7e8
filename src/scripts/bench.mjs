/** `npm run bench [NAME…]`: runs test/bench/*.bench.ts in Node, one after another; each prints its ratios. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { nodeBundle } from './node-bundle.mjs';
import { root } from './root.mjs';

const wanted = process.argv.slice(2);
const files = readdirSync(join(root, 'test/bench'))
  .filter((file) => file.endsWith('.bench.ts'))
  .filter((file) => wanted.length === 0 || wanted.some((word) => file.includes(word)));
for (const file of files) {
  const name = file.replace('.bench.ts', '');
  process.stdout.write(`── ${name}\n`);
  await import(
    await nodeBundle({ name: `pagewalk-bench-${name}`, entry: `test/bench/${file}`, sources: ['src/core', 'test/bench', 'test/support'] })
  );
}
if (files.length === 0) {
  process.stderr.write('No such bench in test/bench.\n');
  process.exitCode = 1;
}
