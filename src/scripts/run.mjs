import { spawn } from 'node:child_process';
import { root } from './root.mjs';

const running = new Set();
const ownGroup = process.platform !== 'win32';

/** Ends a command and all it started. */
function kill(child) {
  if (!child.pid) return;
  try {
    process.kill(ownGroup ? -child.pid : child.pid, 'SIGKILL');
  } catch {
    // It ended by itself.
  }
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => {
    for (const child of running) kill(child);
    process.exit(130);
  });
}

/**
 * Runs a Node script to its end and keeps what it prints.
 * @param {string[]} argv script and arguments
 * @param {{ env?: Record<string, string>, minutes?: number }} [options] `minutes`: killed after that
 * @returns {Promise<{ code: number, output: string, seconds: number }>}
 */
export function runNode(argv, options = {}) {
  return run(process.execPath, argv, options);
}

/** The same for any program. */
export function run(command, argv, { env = {}, minutes = 10 } = {}) {
  const started = Date.now();
  return new Promise((done) => {
    const child = spawn(command, argv, {
      cwd: root,
      env: { ...process.env, NO_COLOR: '1', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: ownGroup,
    });
    running.add(child);
    let output = '';
    const keep = (text) => {
      output += text;
    };
    child.stdout.setEncoding('utf8').on('data', keep);
    child.stderr.setEncoding('utf8').on('data', keep);
    const clock = setTimeout(() => {
      keep(`\nstopped after ${minutes} minutes\n`);
      kill(child);
    }, minutes * 60_000);
    const end = (code) => {
      clearTimeout(clock);
      running.delete(child);
      kill(child);
      done({ code, output, seconds: (Date.now() - started) / 1000 });
    };
    child.on('error', (error) => {
      keep(`${error.message}\n`);
      end(1);
    });
    child.on('close', (code) => end(code ?? 1));
  });
}
