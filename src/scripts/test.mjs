/**
 * `npm test`: every check and every test, counted. A failing step does not keep later ones from running.
 * The last line is `N passed, N failed`; the exit status is 1 if anything failed.
 */
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { buildIfStale } from './build.mjs';
import { findBrowser } from './find-browser.mjs';
import { root } from './root.mjs';
import { runNode } from './run.mjs';
import { measure } from './size-budget.mjs';
import { checkRoom, rooms } from './types.mjs';

const totals = { passed: 0, failed: 0 };

function report(name, { passed, failed, seconds, note = '', output = '' }) {
  totals.passed += passed;
  totals.failed += failed;
  const verdict = failed === 0 ? 'ok  ' : 'FAIL';
  const count = failed === 0 ? `${passed} passed` : `${passed} passed, ${failed} failed:`;
  process.stdout.write(`${verdict} ${name}: ${count}${note && ` · ${note}`} (${seconds.toFixed(1)} s)\n`);
  if (failed > 0) process.stdout.write(`${output.trimEnd()}\n\n`);
}

/** A step that is one check: a command that succeeds or fails. */
async function check(name, argv) {
  const { code, output, seconds } = await runNode(argv);
  report(name, { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, output, seconds });
}

async function timed(name, work) {
  const started = Date.now();
  const seconds = () => (Date.now() - started) / 1000;
  try {
    const note = await work();
    report(name, { passed: 1, failed: 0, note, seconds: seconds() });
    return true;
  } catch (error) {
    report(name, { passed: 0, failed: 1, output: error instanceof Error ? error.message : String(error), seconds: seconds() });
    return false;
  }
}

async function types() {
  const results = [];
  for (const room of rooms) results.push(await checkRoom(room));
  const failed = results.filter((result) => result.code !== 0);
  const seconds = results.reduce((sum, result) => sum + result.seconds, 0);
  report('types', { passed: results.length - failed.length, failed: failed.length, output: failed.map((result) => result.output).join(''), seconds });
}

/** Runs a test runner that writes its counts as JSON. A run that counts nothing, or ends badly without saying so, is a failure. */
async function tests(name, argv, file, count, env) {
  const path = join(root, file);
  rmSync(path, { force: true });
  const { code, output, seconds } = await runNode(argv, { env, minutes: 8 });
  const counted = readCounts(path, count);
  if (counted.failed === 0 && (code !== 0 || counted.passed === 0)) counted.failed = 1;
  report(name, { ...counted, note: noteOf(counted), output, seconds });
}

const noteOf = ({ skipped = 0, flaky = 0 }) =>
  [skipped && `${skipped} skipped`, flaky && `${flaky} only at the second try`].filter(Boolean).join(', ');

function readCounts(path, count) {
  try {
    return count(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    return { passed: 0, failed: 1, skipped: 0 };
  }
}

function countVitest(json) {
  const unloadable = json.testResults.filter(
    (suite) => suite.status === 'failed' && !suite.assertionResults.some((test) => test.status === 'failed'),
  );
  return { passed: json.numPassedTests, failed: json.numFailedTests + unloadable.length, skipped: json.numPendingTests + json.numTodoTests };
}

/** Flaky: failed, then passed when CI tried again. Counted as passed, and told. */
function countPlaywright({ stats, errors }) {
  const { expected, unexpected, flaky, skipped } = stats;
  return { passed: expected + flaky, failed: unexpected + errors.length, skipped, flaky };
}

async function browserTests(browser, built) {
  if (!browser || !built) {
    report('browser', { passed: 0, failed: 1, output: `not run: ${browser ? 'the build failed' : 'no browser'}`, seconds: 0 });
    return;
  }
  const result = 'test-results/browser.json';
  const argv = ['node_modules/@playwright/test/cli.js', 'test', '--config', 'test/e2e/playwright.config.ts', '--reporter=list,json'];
  await tests('browser', argv, result, countPlaywright, { PAGEWALK_BROWSER: browser, PLAYWRIGHT_JSON_OUTPUT_NAME: join(root, result) });
}

let browser;
await timed('find a browser', async () => {
  browser = await findBrowser();
  return browser;
});
await types();
await check('lint', ['node_modules/@biomejs/biome/bin/biome', 'check', '--error-on-warnings', '--max-diagnostics=50', '.']);
await check('dead code', ['node_modules/knip/bin/knip.js', '--no-progress']);
const unitResult = 'test-results/unit.json';
await tests(
  'unit and property',
  ['node_modules/vitest/vitest.mjs', 'run', '--reporter=default', '--reporter=json', `--outputFile=${unitResult}`],
  unitResult,
  countVitest,
);
const built = await timed('build', buildIfStale);
if (built) {
  await timed('size budget', () => {
    const { within, text } = measure();
    if (!within) throw new Error(text);
    return text;
  });
}
await browserTests(browser, built);
process.stdout.write(`${totals.passed} passed, ${totals.failed} failed\n`);
process.exitCode = totals.failed === 0 ? 0 : 1;
