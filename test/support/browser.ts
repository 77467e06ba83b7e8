/**
 * What every real-browser test starts from: the built page on the server of `npm start`, a fresh profile, and a watch that fails the
 * test on any request beyond the page's own files, any error on the console and any uncaught error.
 */

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { type BrowserContext, test as base, expect, type Page } from '@playwright/test';
import { serveDist } from '../../src/scripts/serve.mjs';
import { dropFiles } from './drop-files.ts';

export interface Watch {
  /** Every URL asked for, in order. */
  readonly requests: string[];
  /** Console errors and warnings, uncaught errors, requests elsewhere, failed requests. Empty the list to forgive what a test provokes. */
  readonly complaints: string[];
  /** Lets the page ask one more origin from now on: a test of images behind a server. */
  allow(origin: string): void;
  /** Watches another profile too. */
  over(context: BrowserContext): void;
}

function watchContext(context: BrowserContext, ownUrl: string): Watch {
  const allowed = [ownUrl, 'data:image/svg+xml'];
  const watch: Watch = {
    ...{ requests: [], complaints: [] },
    allow: (origin) => void allowed.push(`${origin}/`),
    over: (other) => listen(other, allowed, watch),
  };
  listen(context, allowed, watch);
  return watch;
}

function listen(context: BrowserContext, allowed: readonly string[], watch: Watch): void {
  context.on('request', (request) => {
    const url = request.url();
    watch.requests.push(url);
    if (!allowed.some((start) => url.startsWith(start))) watch.complaints.push(`request elsewhere: ${url}`);
  });
  context.on('requestfailed', (request) => {
    const why = request.failure()?.errorText ?? '';
    // Aborted: the test left the page while it was still loading.
    if (why !== 'net::ERR_ABORTED') watch.complaints.push(`request failed: ${request.url()} ${why}`);
  });
  context.on('response', (response) => {
    if (response.status() >= 400) watch.complaints.push(`${response.status()} for ${response.url()}`);
  });
  context.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') watch.complaints.push(`console ${message.type()}: ${message.text()}`);
  });
  context.on('weberror', (error) => watch.complaints.push(`uncaught: ${error.error().stack ?? error.error().message}`));
}

interface Fixtures {
  readonly watch: Watch;
}

interface WorkerFixtures {
  /** URL of the served page, with a closing slash. */
  readonly appUrl: string;
}

export const test = base.extend<Fixtures, WorkerFixtures>({
  appUrl: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixtures wanted from this pattern.
    async ({}, use) => {
      const server = await serveDist({ port: 0 });
      await use(server.url);
      await server.close();
    },
    { scope: 'worker' },
  ],
  baseURL: async ({ appUrl }, use) => use(appUrl),
  watch: [
    async ({ context, appUrl }, use) => {
      const watch = watchContext(context, appUrl);
      await use(watch);
      expect(watch.complaints, 'complaints of the page').toEqual([]);
    },
    { auto: true },
  ],
});

export { dropFiles, expect };

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

interface AxeFinding {
  readonly id: string;
  readonly help: string;
  readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[];
}

/** What axe finds wrong with the page as it is, one line a finding. */
export async function axeFindings(page: Page): Promise<readonly string[]> {
  await page.evaluate(axeSource);
  const violations = await page.evaluate<readonly AxeFinding[]>(
    'axe.run(document, { resultTypes: ["violations"] }).then((result) => result.violations)',
  );
  return violations.flatMap(({ id, help, nodes }) => nodes.map((node) => `${id}: ${help}: ${node.html.slice(0, 200)} ${node.failureSummary ?? ''}`));
}
