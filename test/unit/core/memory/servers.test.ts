import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { RemoteFiles } from '#core/memory/remote/remote-files.ts';
import { type RangeManners, type RangeServer, rangeServer } from '../../../support/range-server.ts';

const BLOCK = 128 * 1024;
const FILE = Uint8Array.from({ length: 5 * BLOCK + 5 }, (_, i) => (i * 31) ^ (i >> 8));

let server: RangeServer;
let other: RangeServer;
const waits: number[] = [];
beforeEach(async () => {
  waits.length = 0;
  server = await rangeServer({ '/a': FILE });
  other = await rangeServer({ '/a': FILE });
});
afterEach(async () => {
  await server.close();
  await other.close();
});

/** Node's own fetch, which shows every header and says what it met; waits are noted and not made. */
const open = (manners: RangeManners, silenceMs?: number) => {
  server.manners['/a'] = manners;
  const wait = async (milliseconds: number) => void waits.push(milliseconds);
  return new RemoteFiles({ fetch: (url, how) => fetch(url, how as RequestInit), wait, silenceMs }).open(`${server.origin}/a`, 'a');
};
const behave = (manners: RangeManners) => {
  server.manners['/a'] = manners;
};

describe('a real server that will not do is told by what is missing', () => {
  test.each<[string, RangeManners, RegExp]>([
    [
      'no parts',
      { ranges: false },
      /answered a Range request with 200 and the whole, 10,000,000,000 bytes.*206 with Content-Range \(Accept-Ranges: bytes\)/,
    ],
    ['packed', { gzip: true }, /packs the file on the way \(Content-Encoding: gzip\)/],
    ['forbidden', { status: 403 }, /refuses: 403/],
    ['not there', { status: 404 }, /no such file: 404/],
    ['416', { status: 416 }, /answered 416|size 0/],
  ])('%s', async (name, manners, words) => {
    const outcome = await open(manners).then(
      ({ size }) => `size ${size}`,
      (error: Error) => error.message,
    );
    expect(outcome, name).toMatch(words);
    expect(waits).toEqual([]);
  });

  test('a redirect is not followed: the other server hears nothing', async () => {
    await expect(open({ redirect: `${other.origin}/a` })).rejects.toThrow(/sends this address on to another one \(a redirect\)/);
    expect(other.log).toEqual([]);
  });
});

describe('what happens while an image is open', () => {
  test.each<[string, RangeManners, RegExp]>([
    ['replaced', { etag: '"two"' }, /“a” changed on its server since it was opened/],
    ['cut short', { status: 416 }, /“a” changed on its server since it was opened/],
    ['deleted', { status: 404 }, /no such file: 404/],
    ['no parts any more', { ranges: false }, /no longer gives parts of the file \(200 in place of 206\)/],
    ['packed from now on', { gzip: true, etag: '"one"' }, /packs the file on the way/],
    ['sent on', { redirect: 'http://127.0.0.1:1/' }, /redirect/],
  ])('%s', async (_, manners, words) => {
    const source = await open({});
    behave(manners);
    await expect(source.read(2 * BLOCK, 10)).rejects.toThrow(words);
    behave({});
    expect(await source.read(2 * BLOCK, 10)).toEqual(FILE.slice(2 * BLOCK, 2 * BLOCK + 10));
  });

  test('a mark that a proxy made weak is the same mark', async () => {
    const source = await open({});
    behave({ etag: 'W/"one"' });
    expect(await source.read(2 * BLOCK, 10)).toEqual(FILE.slice(2 * BLOCK, 2 * BLOCK + 10));
  });
});

describe('a busy server', () => {
  test('is waited for as long as it asks, in seconds or by a date, and then read on', async () => {
    const source = await open({});
    behave({ statuses: [429, 503], retryAfter: '7' });
    expect(await source.read(BLOCK, 10)).toEqual(FILE.slice(BLOCK, BLOCK + 10));
    expect(waits).toEqual([7000, 7000]);
    behave({ statuses: [503], retryAfter: new Date(Date.now() + 20_000).toUTCString() });
    await source.read(3 * BLOCK, 10);
    expect(waits[2]).toBeGreaterThan(17_000);
    expect(waits[2]).toBeLessThanOrEqual(20_000);
  });

  test('that asks for longer than a user would wait is told, and not asked again', async () => {
    await expect(open({ status: 503, retryAfter: '3600' })).rejects.toThrow(/cannot answer now: 503\. It asks to be left alone for 3,600 seconds/);
    expect([server.log.length, waits]).toEqual([1, []]);
  });

  test('that stays busy is told after three more tries', async () => {
    await expect(open({ status: 500, retryAfter: 'soon' })).rejects.toThrow(/cannot answer now: 500\./);
    expect([server.log.length, waits]).toEqual([4, [300, 1000, 3000]]);
  });
});

describe('an answer that does not go on', () => {
  test('is ended, asked for again, and told', async () => {
    await expect(open({ stallAfter: 1000 }, 40)).rejects.toThrow(/gave nothing, or hardly anything, for 0\.04 seconds/);
    expect(server.log.length).toBe(4);
    await expect(open({ latency: 500 }, 40)).rejects.toThrow(/gave nothing/);
  });

  test('goes through at the next try where it was the line', async () => {
    const source = await open({}, 40);
    behave({ stallAfter: 100 });
    const read = source.read(BLOCK, 10);
    while (server.log.length < 2) await new Promise((next) => setTimeout(next, 5));
    behave({});
    expect(await read).toEqual(FILE.slice(BLOCK, BLOCK + 10));
  });
});

test('where neither Content-Range nor ETag is shown, the length comes by HEAD', async () => {
  const hidden = new RemoteFiles({ fetch: async (url, how) => withoutMarks(await fetch(url, how as RequestInit)), wait: async () => undefined });
  const source = await hidden.open(`${server.origin}/a`, 'a');
  expect(source.size).toBe(FILE.length);
  expect(await source.read(2 * BLOCK, 10)).toEqual(FILE.slice(2 * BLOCK, 2 * BLOCK + 10));
  expect(server.log.filter((line) => line.startsWith('HEAD'))).toHaveLength(1);
});

/** As a browser shows an answer that exposes nothing. */
const withoutMarks = (answer: Response) => ({
  ...{ status: answer.status, body: answer.body },
  headers: { get: (name: string) => (['content-range', 'etag'].includes(name) ? null : answer.headers.get(name)) },
});
