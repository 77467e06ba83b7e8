import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Page } from '@playwright/test';
import { axeFindings, expect, test } from '../support/browser.ts';
import { rawDump, SparseMemory } from '../support/dump-builder.ts';
import { bytes, goTo, tables } from '../support/explorer.ts';
import { GUEST, guestDump } from '../support/guest-dump.ts';
import { type RangeManners, type RangeServer, rangeServer } from '../support/range-server.ts';
import { TableBuilder } from '../support/table-builder.ts';
import { vmwareFiles } from '../support/vmware-builder.ts';

const PATH = '/dumps/guest.elf';
let server: RangeServer;

test.beforeEach(async () => {
  server = await rangeServer({ [PATH]: guestDump() });
});
test.afterEach(() => server.close());

const question = (page: Page) => page.getByRole('heading', { name: /^Read this image from/ });
const yes = (page: Page) => page.getByRole('button', { name: 'Yes, read from this host' });
const linkTo = (path = PATH) => `./?image=${encodeURIComponent(server.origin + path)}`;

test('a link asks no other host before the yes, and the copied link opens the same place elsewhere', async ({ page, browser, watch, appUrl }) => {
  // Never sent along: the log has cookie and referrer of each request.
  await page.context().addCookies([{ name: 'secret', value: '1', url: server.origin }]);
  await page.goto(linkTo());
  await expect(question(page)).toContainText(server.origin.replace('http://', ''));
  await expect(page.getByText('Nothing has been asked of it yet.')).toBeVisible();
  expect(await axeFindings(page)).toEqual([]);
  await page.emulateMedia({ colorScheme: 'light' });
  expect(await axeFindings(page)).toEqual([]);
  expect(server.log).toEqual([]);
  expect(server.connections).toBe(0);

  watch.allow(server.origin);
  await yes(page).click();
  await goTo(page, GUEST.code);
  expect(server.log.length).toBeGreaterThan(0);
  await expect(page.getByRole('contentinfo')).toContainText(
    new RegExp(`read from ${new URL(server.origin).host}: ${server.log.length} requests?, .*; nothing is uploaded`),
  );
  for (const line of server.log) expect(line).toMatch(/^GET \/dumps\/guest\.elf bytes=\d+-\d+$/);
  await expect.poll(() => page.url()).toContain('&image=');
  expect(page.url()).not.toContain('?image');

  const asked = server.log.length;
  const elsewhere = await browser.newContext({ baseURL: appUrl });
  watch.over(elsewhere);
  const other = await elsewhere.newPage();
  await other.goto(page.url());
  await expect(question(other)).toBeVisible();
  expect(server.log.length).toBe(asked);
  await yes(other).click();
  await expect(other.getByRole('heading', { name: new RegExp(`^Walk of\\s+${GUEST.code}`) })).toBeVisible();
  await expect(bytes(other)).toContainText(GUEST.codeText);
  await elsewhere.close();
});

test('what is no address of an image is told and leads nowhere', async ({ page, watch }) => {
  const hostile = [
    'javascript:alert(1)',
    'data:text/html,x',
    'blob:http://h/1',
    'file:///etc/passwd',
    '//h/x',
    `http://u:p@${new URL(server.origin).host}${PATH}`,
  ];
  for (const address of hostile) {
    await page.goto('about:blank');
    await page.goto(`./?image=${encodeURIComponent(address)}`);
    await expect(page.getByText("The address of the link's image was left out.")).toBeVisible();
    await expect(page.getByRole('heading', { name: 'Drop a memory dump anywhere on this page' })).toBeVisible();
  }
  expect(server.log).toEqual([]);
  expect(watch.requests.filter((url) => url.includes('remote.worker'))).toEqual([]);
});

test('a link that takes the place of another while the question is shown asks anew, and nothing is asked of either', async ({ page, watch }) => {
  await page.goto(linkTo());
  await page.getByLabel(/Do not ask again/).check();
  await page.evaluate(() => {
    window.location.hash = `#1&image=${encodeURIComponent('http://192.168.77.1:8080/x.elf')}`;
  });
  await expect(question(page)).toContainText('192.168.77.1:8080');
  await expect(page.getByText('192.168.77.1:8080 is on your local network')).toBeVisible();
  await expect(page.getByText('192.168.77.1:8080 is asked over http')).toBeVisible();
  await expect(page.getByLabel(/Do not ask again/)).not.toBeChecked();
  expect(server.log).toEqual([]);
  expect(watch.requests.filter((url) => url.includes('remote.worker'))).toEqual([]);
});

test('a redirect is not followed to a host that nobody said yes to', async ({ page, watch }) => {
  const other = await rangeServer({ [PATH]: guestDump() });
  try {
    watch.allow(server.origin);
    server.manners[PATH] = { redirect: other.origin + PATH };
    await page.goto(linkTo());
    await expect(page.getByText(/is this machine itself/)).toBeVisible();
    await yes(page).click();
    await expect(page.getByText(/a redirect/)).toBeVisible();
    expect(other.log).toEqual([]);
    expect(other.connections).toBe(0);
    // The browser names where the redirect leads, and does not go there.
    expect(watch.complaints.splice(0)).toEqual([`request elsewhere: ${other.origin}${PATH}`]);
  } finally {
    await other.close();
  }
});

test('within a frame of another page no yes can be given', async ({ page, watch, appUrl }) => {
  watch.allow('http://frame.example');
  const link = `${appUrl}?image=${encodeURIComponent(server.origin + PATH)}`;
  await page.route('http://frame.example/', (route) =>
    route.fulfill({ contentType: 'text/html', body: `<iframe width=900 height=700 src="${link}">` }),
  );
  // As on a host that sends no headers.
  await page.route(link, async (route) => route.fulfill({ response: await route.fetch(), headers: { 'content-type': 'text/html' } }));
  await page.goto('http://frame.example/');
  const frame = page.frameLocator('iframe');
  await expect(frame.getByText('This page stands in a frame of another one')).toBeVisible();
  await expect(frame.getByRole('button', { name: 'Yes, read from this host' })).toBeDisabled();
  expect(server.log).toEqual([]);
});

test('a page over https says before it asks, and after, that it may ask nobody over http', async ({ page, watch, appUrl }) => {
  watch.allow('https://page.example');
  await page.route('https://page.example/**', async (route) => {
    const { pathname, search } = new URL(route.request().url());
    await route.fulfill({ response: await route.fetch({ url: new URL(pathname.slice(1) + search, appUrl).href }) });
  });
  await page.goto(`https://page.example/?image=${encodeURIComponent('http://dumps.example/guest.elf')}`);
  await expect(page.getByText('This page came over https and dumps.example is to be asked over http')).toBeVisible();
  await yes(page).click();
  await expect(page.getByText('This page came over https, and a browser lets it ask no server over http.')).toBeVisible();
  // Begun, and stopped by the browser itself.
  expect(watch.complaints.splice(0)).toContain('request failed: http://dumps.example/guest.elf mixed-content');
});

test('only the reader behind the yes may ask elsewhere: the page itself is held by its policy', async ({ page, watch }) => {
  watch.allow(server.origin);
  await page.goto(linkTo());
  await yes(page).click();
  await expect(tables(page)).toBeVisible();
  const asked = server.log.length;
  const answer = await page.evaluate((url) => fetch(url).then(String, (error: Error) => error.name), server.origin + PATH);
  expect(answer).toBe('TypeError');
  expect(server.log.length).toBe(asked);
  watch.complaints.length = 0;
});

test('a no asks nothing; a yes for good is not asked again, and can be taken back', async ({ page, watch }) => {
  await page.goto(linkTo());
  await page.getByRole('button', { name: /^No/ }).click();
  await expect(page.getByRole('heading', { name: 'Drop a memory dump anywhere on this page' })).toBeVisible();
  expect(server.log).toEqual([]);

  watch.allow(server.origin);
  await page.getByRole('button', { name: 'From a server' }).click();
  await page.getByLabel('Address of the image').fill('ftp://no');
  await expect(page.getByText('The address must begin with https:// or http://.')).toBeVisible();
  await page.getByLabel('Address of the image').fill(server.origin + PATH);
  await page.keyboard.press('Enter');
  await page.getByLabel(/Do not ask again for this host/).check();
  await yes(page).click();
  await expect(tables(page)).toBeVisible();

  await page.goto('about:blank');
  await page.goto(linkTo());
  await expect(tables(page)).toBeVisible();
  await page.getByRole('button', { name: /guest\.elf/ }).click();
  await page.getByRole('button', { name: 'Ask again next time' }).click();
  await page.goto('about:blank');
  await page.goto(linkTo());
  await expect(question(page)).toBeVisible();

  await page.getByLabel(/Do not ask again for this host/).check();
  await yes(page).click();
  await expect(tables(page)).toBeVisible();
  await page.goto('about:blank');
  await page.goto('./');
  await page.getByRole('button', { name: 'From a server' }).click();
  expect(await axeFindings(page)).toEqual([]);
  await page.getByRole('button', { name: `Ask again for ${server.origin}` }).click();
  await expect(page.getByText('Read from without asking')).toBeHidden();
  await page.goto('about:blank');
  await page.goto(linkTo());
  await expect(question(page)).toBeVisible();
});

test('two files of one dump, on two servers, open together after one question that names both; the link carries both', async ({ page, watch }) => {
  const memory = new SparseMemory();
  new TableBuilder(memory, 'pae', { root: 0x2020, firstFrame: 0x10 }).map(0xc000_0000n, 0x5000n);
  const { vmem, vmss } = vmwareFiles(memory, { cpus: [{ cr3: 0x2020, cr4: 0x20 }] });
  const [first, second] = [await rangeServer({ '/a.vmem': vmem }), await rangeServer({ '/state/a.vmss': vmss })];
  const root = page.getByRole('button', { name: /root\s+2020\s+PAE, CPU 0/ });
  const host = (of: RangeServer) => new URL(of.origin).host;
  try {
    await page.goto(`./?image=${encodeURIComponent(`${first.origin}/a.vmem`)}&image=${encodeURIComponent(`${second.origin}/state/a.vmss`)}`);
    await expect(question(page)).toContainText(`${host(first)} and ${host(second)}`);
    expect(await axeFindings(page)).toEqual([]);
    expect([first.log, second.log]).toEqual([[], []]);
    watch.allow(first.origin);
    watch.allow(second.origin);
    await page.getByRole('button', { name: 'Yes, read from these hosts' }).click();
    await expect(root).toBeVisible();
    await expect(page.getByRole('contentinfo')).toContainText(`read from ${host(first)} and ${host(second)}`);
    await expect.poll(() => page.url()).toContain('root=2020');

    const [link, asked] = [page.url(), first.log.length + second.log.length];
    await page.goto('about:blank');
    await page.goto(link);
    await expect(question(page)).toBeVisible();
    expect(first.log.length + second.log.length).toBe(asked);
    await page.getByRole('button', { name: 'Yes, read from these hosts' }).click();
    await expect(root).toBeVisible();
  } finally {
    await first.close();
    await second.close();
  }
});

test('a .vmem alone: no other file is asked for, its address is said, and both open by the dialog', async ({ page, watch }) => {
  const memory = new SparseMemory();
  new TableBuilder(memory, 'pae', { root: 0x2020, firstFrame: 0x10 }).map(0xc000_0000n, 0x5000n);
  const { vmem, vmss } = vmwareFiles(memory, { cpus: [{ cr3: 0x2020, cr4: 0x20 }] });
  await server.close();
  server = await rangeServer({ '/a.vmem': vmem, '/a.vmss': vmss });
  watch.allow(server.origin);
  await page.goto(linkTo('/a.vmem'));
  await yes(page).click();
  await expect(page.getByText(`${server.origin}/a.vmss (or .vmsn)`)).toBeVisible();
  expect(server.log.filter((line) => !line.startsWith('GET /a.vmem '))).toEqual([]);

  await page.keyboard.press('Control+k');
  await expect(page.getByPlaceholder('Find a command')).toBeFocused();
  await page.keyboard.type('from a server');
  await page.keyboard.press('Enter');
  await page.getByLabel('Address of the image').fill(`${server.origin}/a.vmss`);
  await page.getByLabel('Address of a second file').fill(`${server.origin}/a.vmem`);
  expect(await axeFindings(page)).toEqual([]);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('button', { name: /root\s+2020\s+PAE, CPU 0/ })).toBeVisible();
});

test.describe('a server that will not do is told by what is missing', () => {
  const cases: readonly (readonly [string, RangeManners, RegExp])[] = [
    ['no CORS', { cors: false }, /Access-Control-Allow-Origin: http:\/\/127\.0\.0\.1:\d+ \(or \*\)/],
    ['no Range', { ranges: false }, /answered a Range request with 200 and the whole, 10,000,000,000 bytes/],
    ['not there', { status: 404 }, /no such file: 404/],
    ['forbidden', { status: 403 }, /refuses: 403/],
    ['a refusal without CORS', { status: 404, cors: false }, /some leave out of a refusal/],
    ['packed on the way', { gzip: true }, /Content-Encoding/],
    ['a redirect', { redirect: 'https://elsewhere.example/' }, /a redirect/],
    ['busy for an hour', { status: 503, retryAfter: '3600', exposed: 'Retry-After' }, /left alone for 3,600 seconds/],
  ];
  for (const [name, manners, words] of cases) {
    test(name, async ({ page, watch }) => {
      test.slow();
      watch.allow(server.origin);
      server.manners[PATH] = manners;
      await page.goto(linkTo());
      await yes(page).click();
      await expect(page.getByText(words)).toBeVisible({ timeout: 20_000 });
      // Healed, the same is tried again without another question.
      server.manners[PATH] = {};
      await page.getByRole('button', { name: 'Try again' }).click();
      await expect(tables(page)).toBeVisible();
      watch.complaints.length = 0;
    });
  }
});

test('an image in xz is unpacked by the reader that may ask elsewhere: its policy allows the decoder', async ({ page, watch }) => {
  await server.close();
  server = await rangeServer({ '/guest.elf.xz': await readFile(fileURLToPath(new URL('../fixtures/guest.elf.xz', import.meta.url))) });
  watch.allow(server.origin);
  await page.goto(linkTo('/guest.elf.xz'));
  await yes(page).click();
  await goTo(page, GUEST.code);
  await expect(bytes(page)).toContainText(GUEST.codeText);
});

test('a server that shows neither Content-Range nor ETag is read all the same, and one that is busy is waited for', async ({ page, watch }) => {
  watch.allow(server.origin);
  server.manners[PATH] = { exposed: 'Retry-After', statuses: [429], retryAfter: '1' };
  await page.goto(linkTo());
  await yes(page).click();
  await expect(tables(page)).toBeVisible();
  expect(server.log.map((line) => line.split(' ')[0])).toEqual(expect.arrayContaining(['GET', 'HEAD']));
  watch.complaints.length = 0;
});

test('an image that changes on its server while it is open is told', async ({ page, watch }) => {
  const memory = new SparseMemory();
  const tables_ = new TableBuilder(memory, '4-level', { root: 0x1000, firstFrame: 2 });
  // A page in each block: some were read for the fingerprint, not all.
  for (let block = 0; block < 60; block++) tables_.map(0x40_0000n + BigInt(block) * 4096n, BigInt(block + 1) * 0x8_0000n);
  memory.write(60 * 0x8_0000, Uint8Array.of(1));
  await server.close();
  server = await rangeServer({ [PATH]: rawDump(memory) });
  watch.allow(server.origin);
  await page.goto(`${linkTo()}#1&root=1000&mode=4-level&at=0000000000400000`);
  await yes(page).click();
  await expect(tables(page)).toBeVisible();
  server.manners[PATH] = { etag: '"two"' };
  const told = page.getByText(/changed on its server since it was opened/).first();
  for (let block = 20; block < 40 && !(await told.isVisible()); block++)
    await goTo(page, (0x40_0000 + block * 4096).toString(16).padStart(16, '0').toUpperCase());
  await expect(told).toBeVisible();
  watch.complaints.length = 0;
});
