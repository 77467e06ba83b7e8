/** `npm start`: builds if need be, serves the built page on this machine, prints its URL. Ctrl-C ends it. */
import { spawnSync } from 'node:child_process';
import { buildIfStale } from './build.mjs';
import { serveDist } from './serve.mjs';

const npm = npmAbove();
try {
  await buildIfStale();
} catch (error) {
  process.stderr.write(`The build failed: ${error instanceof Error ? error.message : error}\n`);
  process.exit(1);
}
const server = await serveDist();
process.stdout.write(`Pagewalk: ${server.url}   (Ctrl-C ends it)\n`);

const end = () => {
  void server.close();
  process.exit(0);
};
process.on('SIGINT', end);
process.on('SIGTERM', end);
process.on('SIGHUP', end);
// npm killed without a word to its child would leave this server running.
if (npm !== undefined) {
  setInterval(() => {
    if (!isAlive(npm)) end();
  }, 1000).unref();
}

/** Process id of the npm that runs this; undefined if none does. Between npm and its script may stand a shell. */
function npmAbove() {
  if (process.env.npm_lifecycle_event !== 'start' || process.platform === 'win32') return undefined;
  const asked = spawnSync('ps', ['-o', 'ppid=,comm=', '-p', String(process.ppid)], { encoding: 'utf8' });
  const [, above, command = ''] = /^\s*(\d+)\s+(.*?)\s*$/.exec(asked.stdout ?? '') ?? [];
  return above && /(^|\/)(ba|da|z|k)?sh$/.test(command) ? Number(above) : process.ppid;
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
