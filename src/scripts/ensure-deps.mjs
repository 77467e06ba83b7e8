/**
 * Installs what package-lock.json names, only when it is not what was installed last. Needs no package itself.
 * Silent when there is nothing to do; writes to stderr only, so that the command line's stdout stays clean.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './root.mjs';

function stop(sentence) {
  process.stderr.write(`${sentence}\n`);
  process.exit(1);
}

/** Vite's own range: 20.19 or later in 20, 22.12 or later. */
function checkNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const good = (major === 20 && minor >= 19) || (major === 22 && minor >= 12) || major > 22;
  if (!good) stop(`Pagewalk needs Node 20.19 or later (22.12 or later in the 22 line); this is Node ${process.versions.node}.`);
}

function npmCi() {
  const argv = ['ci', '--prefer-offline', '--include=dev', '--no-fund', '--no-audit', '--loglevel=error'];
  /** @type {import('node:child_process').StdioOptions} */
  const stdio = ['ignore', 2, 2];
  const npm = process.env.npm_execpath;
  const run = npm?.endsWith('.js')
    ? spawnSync(process.execPath, [npm, ...argv], { cwd: root, stdio })
    : spawnSync('npm', argv, { cwd: root, stdio, shell: process.platform === 'win32' });
  if (run.status !== 0) stop('npm ci failed: the packages named in package-lock.json could not be installed (see above).');
}

checkNode();
const mark = join(root, 'node_modules/.pagewalk-lock');
const wanted = createHash('sha256')
  .update(readFileSync(join(root, 'package-lock.json')))
  .digest('hex');
if (!existsSync(mark) || readFileSync(mark, 'utf8').trim() !== wanted) {
  process.stderr.write('Installing packages …\n');
  npmCi();
  writeFileSync(mark, `${wanted}\n`);
}
