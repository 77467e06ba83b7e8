/**
 * Finds a Chromium, Chrome or Edge for the browser tests, or gets one.
 * Order: PAGEWALK_BROWSER, installed ones, Playwright's own, `playwright install chromium`, and as root on Debian apt-get.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from './root.mjs';

const names = [
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
  'chrome',
  'microsoft-edge',
  'microsoft-edge-stable',
  'msedge',
];

/** @type {Partial<Record<NodeJS.Platform, string[]>>} */
const usualPlaces = {
  linux: ['/usr/bin/chromium', '/usr/lib/chromium/chromium', '/opt/google/chrome/chrome', '/opt/microsoft/msedge/msedge', '/snap/bin/chromium'],
  darwin: ['Google Chrome', 'Chromium', 'Microsoft Edge'].map((name) => `/Applications/${name}.app/Contents/MacOS/${name}`),
  win32: ['ProgramFiles', 'ProgramFiles(x86)', 'LOCALAPPDATA']
    .map((name) => process.env[name] ?? '')
    .filter((folder) => folder !== '')
    .flatMap((folder) => [join(folder, 'Google/Chrome/Application/chrome.exe'), join(folder, 'Microsoft/Edge/Application/msedge.exe')]),
};

function onPath() {
  const suffix = process.platform === 'win32' ? '.exe' : '';
  return (process.env.PATH ?? '').split(delimiter).flatMap((folder) => names.map((name) => join(folder, name + suffix)));
}

/** A browser that says its version works. On Windows asking opens a window, so there being there is enough. */
function works(path) {
  if (!existsSync(path)) return false;
  if (process.platform === 'win32') return true;
  const asked = spawnSync(path, ['--version'], { encoding: 'utf8', timeout: 20_000, stdio: ['ignore', 'pipe', 'ignore'] });
  return asked.status === 0 && /\d+\.\d+\.\d+/.test(asked.stdout);
}

async function ofPlaywright() {
  const { chromium } = await import('@playwright/test');
  const path = chromium.executablePath();
  return works(path) ? path : undefined;
}

function say(text) {
  process.stderr.write(`${text}\n`);
}

function tried(command, argv) {
  say(`No browser found. Trying: ${[command, ...argv].join(' ')}`);
  const run = spawnSync(command, argv, {
    cwd: root,
    encoding: 'utf8',
    timeout: 300_000,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  });
  if (run.status !== 0) say(`  failed: ${`${run.stdout}${run.stderr}`.trim().split('\n').slice(-3).join('\n  ')}`);
  return run.status === 0;
}

function installed() {
  return [...onPath(), ...(usualPlaces[process.platform] ?? [])].find(works);
}

async function downloaded() {
  const cli = join(root, 'node_modules/@playwright/test/cli.js');
  return tried(process.execPath, [cli, 'install', 'chromium']) ? ofPlaywright() : undefined;
}

function fromApt() {
  const may = process.platform === 'linux' && process.getuid?.() === 0 && existsSync('/usr/bin/apt-get');
  if (!may) return undefined;
  tried('apt-get', ['update']);
  return tried('apt-get', ['install', '-y', '--no-install-recommends', 'chromium']) ? installed() : undefined;
}

/** Path of a working browser. Throws with what to install if there is none and none can be got. */
export async function findBrowser() {
  const named = process.env.PAGEWALK_BROWSER;
  if (named) {
    if (works(named)) return named;
    throw new Error(`PAGEWALK_BROWSER names ${named}, which is not there or does not answer --version.`);
  }
  const path = installed() ?? (await ofPlaywright()) ?? (await downloaded()) ?? fromApt();
  if (path) return path;
  throw new Error('No browser to test with: install Chromium, Chrome or Edge (Debian: apt-get install chromium), or name one in PAGEWALK_BROWSER.');
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  try {
    process.stdout.write(`${await findBrowser()}\n`);
  } catch (error) {
    say(error instanceof Error ? error.message : String(error));
    process.exitCode = 1;
  }
}
