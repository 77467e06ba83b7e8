/**
 * `npm run bench [NAME…]`: runs test/bench/*.bench.ts in Node, one after another; each prints its ratios. A run of all of them, none left
 * out, is written to test/bench/RESULTS.md with the machine.
 */
import { readdirSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { nodeBundle } from './node-bundle.mjs';
import { root } from './root.mjs';

const wanted = process.argv.slice(2);
const files = readdirSync(join(root, 'test/bench'))
  .filter((file) => file.endsWith('.bench.ts'))
  .filter((file) => wanted.length === 0 || wanted.some((word) => file.includes(word)));
const results = [];
for (const file of files) {
  const name = file.replace('.bench.ts', '');
  process.stdout.write(`── ${name}\n`);
  const entry = await nodeBundle({
    name: `pagewalk-bench-${name}`,
    entry: `test/bench/${file}`,
    sources: ['src/core', 'src/cli', 'test/bench', 'test/support'],
  });
  results.push(`## ${name}\n\n\`\`\`text\n${(await printed(() => import(entry))).trimEnd()}\n\`\`\`\n`);
}
if (files.length === 0) {
  process.stderr.write('No such bench in test/bench.\n');
  process.exitCode = 1;
} else if (wanted.length === 0) writeFileSync(join(root, 'test/bench/RESULTS.md'), page(results));

/**
 * What a step prints, printed all the same.
 * @param {() => Promise<unknown>} step
 */
async function printed(step) {
  const write = process.stdout.write;
  let text = '';
  process.stdout.write = (chunk, ...rest) => {
    text += chunk;
    return write.call(process.stdout, chunk, ...rest);
  };
  await step().finally(() => {
    process.stdout.write = write;
  });
  return text;
}

/** @param {string[]} sections */
function page(sections) {
  const processors = cpus();
  const machine = `${processors.length} × ${processors[0]?.model ?? 'unknown processor'}, Node ${process.versions.node}`;
  const load = loadavg()
    .map((value) => value.toFixed(1))
    .join(', ');
  const head = `# Speed\n\nWritten by \`npm run bench\`; do not edit. Ratios are what counts: milliseconds are the machine's.\n\n`;
  return `${head}- Machine: ${machine}\n- Load averages at the end: ${load} (above the number of processors, others were at work and ratios are worse than they need be)\n\n${sections.join('\n')}`;
}
