import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Fetch, type FetchAnswer, type FetchHow, fetchedFile } from '#core/memory/remote/fetched-file.ts';
import { openRemote } from '#core/memory/remote/remote-source.ts';
import { Turns } from '#core/memory/remote/turns.ts';

const FILE = Uint8Array.from({ length: 100_000 }, (_, i) => (i * 31 + (i >> 8)) % 256);
const ORIGIN = 'https://pagewalk.example';
const URL_ = 'https://dumps.example/guest.elf';

interface Server {
  readonly fetch: Fetch;
  readonly asked: string[];
  readonly waits: number[];
  wait(milliseconds: number): Promise<void>;
}

type Reply = (how: FetchHow, start: number, end: number) => FetchAnswer | Error;

const answer = (status: number, bytes: Uint8Array, headers: Record<string, string> = {}): FetchAnswer => ({
  status,
  headers: { get: (name) => headers[name] ?? null },
  body: new Blob([bytes.slice()]).stream(),
});

const part = (start: number, end: number, headers: Record<string, string> = {}): FetchAnswer => {
  const stop = Math.min(end, FILE.length);
  return answer(206, FILE.subarray(start, stop), { 'content-range': `bytes ${start}-${stop - 1}/${FILE.length}`, etag: '"one"', ...headers });
};

function serve(reply: Reply): Server {
  const asked: string[] = [];
  const waits: number[] = [];
  const fetch: Fetch = async (_, how) => {
    const range = how.headers?.['Range'] ?? '';
    asked.push(`${how.method} ${range}`);
    const [start = 0, last = 0] = range.replace('bytes=', '').split('-').map(Number);
    const given = reply(how, start, last + 1);
    if (given instanceof Error) throw given;
    return given;
  };
  return { fetch, asked, waits, wait: async (milliseconds) => void waits.push(milliseconds) };
}

const open = ({ fetch, wait }: Server, blockBytes = 4096) =>
  openRemote(fetchedFile(URL_, { fetch, origin: ORIGIN }), 'guest.elf', { wait, turns: new Turns(), blockBytes });
const good: Reply = (_, start, end) => part(start, end);

test('any reads give the file’s bytes, whatever the blocks', async () => {
  const range = fc.tuple(fc.nat(FILE.length + 50), fc.nat(30_000));
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 20_000 }), fc.array(range, { minLength: 1, maxLength: 8 }), async (block, ranges) => {
      const source = await open(serve(good), block);
      expect(source.size).toBe(FILE.length);
      const read = await Promise.all(ranges.map(([offset, length]) => source.read(offset, length)));
      ranges.forEach(([offset, length], i) => {
        expect(Buffer.compare(read[i] ?? new Uint8Array(1), FILE.subarray(offset, offset + length))).toBe(0);
      });
    }),
    { numRuns: 100 },
  );
});

test('neighbouring blocks are asked for at once, each once, with nothing of the user', async () => {
  const hows: FetchHow[] = [];
  const server = serve((how, start, end) => {
    hows.push(how);
    return part(start, end);
  });
  const source = await open(server);
  await Promise.all([source.read(4096, 8192), source.read(5000, 100), source.read(0, 4096)]);
  await source.read(4096, 20_000);
  expect(server.asked).toEqual(['GET bytes=0-4095', 'GET bytes=4096-12287', 'GET bytes=12288-24575']);
  for (const { credentials, referrerPolicy, redirect } of hows)
    expect({ credentials, referrerPolicy, redirect }).toEqual({ credentials: 'omit', referrerPolicy: 'no-referrer', redirect: 'manual' });
});

test('a known block between others is fetched again where that saves a request', async () => {
  const server = serve(good);
  const source = await open(server);
  await source.read(4096 * 3, 10);
  await source.read(4096 * 6, 4096 * 2);
  expect(await source.read(4096, 40_000)).toEqual(FILE.slice(4096, 44_096));
  expect(server.asked.slice(3)).toEqual(['GET bytes=4096-24575', 'GET bytes=32768-45055']);
});

test('a long read is asked for in requests of 64 blocks, at most six at a time, and no more than 64 MiB of blocks are kept', async () => {
  let running = 0;
  let most = 0;
  const server = serve(good);
  const slow: Fetch = async (url, how) => {
    most = Math.max(most, ++running);
    await new Promise((resolve) => setTimeout(resolve, 1));
    running--;
    return server.fetch(url, how);
  };
  const source = await openRemote(fetchedFile(URL_, { fetch: slow, origin: ORIGIN }), 'x', {
    wait: server.wait,
    turns: new Turns(),
    blockBytes: 128,
  });
  await source.read(0, FILE.length);
  expect(most).toBe(6);
  expect(server.asked.length).toBe(1 + Math.ceil((FILE.length / 128 - 1) / 64));
  // The first blocks were dropped: they are asked for again.
  await source.read(0, 10);
  expect(server.asked.at(-1)).toBe('GET bytes=0-127');
});

describe('servers that will not do are told by what is missing', () => {
  test.each<[string, Reply, RegExp]>([
    ['no CORS, or no server', () => new TypeError('Failed to fetch'), /Access-Control-Allow-Origin: https:\/\/pagewalk\.example/],
    [
      'no parts of a large file',
      () => answer(200, FILE, { 'content-length': '5000000000' }),
      /answered a Range request with 200 and the whole, 5,000,000,000 bytes.*Accept-Ranges: bytes/,
    ],
    ['no parts of a file of unknown length', () => answer(200, FILE), /a file of unknown length/],
    [
      'Content-Range not shown',
      (how, start, end) => (how.method === 'HEAD' ? answer(200, FILE) : answer(206, FILE.subarray(start, end))),
      /Access-Control-Expose-Headers: Content-Range, ETag/,
    ],
    [
      'packed on the way',
      (_, start, end) =>
        answer(206, FILE.subarray(0, 100), { 'content-range': `bytes ${start}-${end - 1}/${FILE.length}`, 'content-encoding': 'gzip' }),
      /Content-Encoding: gzip/,
    ],
    ['another part', (_, start, end) => part(start + 1, end + 1), /Content-Range is “bytes 1-4096\/100000” where bytes from 0 on/],
    ['no first bytes of a file that has some', () => answer(416, new Uint8Array(0), { 'content-range': 'bytes */100000' }), /answered 416/],
    ['an absurd length', () => answer(206, FILE, { 'content-range': 'bytes 0-4095/9999999999999999' }), /does not let this page see how long it is/],
    ['a redirect', () => answer(0, new Uint8Array(0)), /redirect/],
    ['a redirect as Node shows it', () => answer(302, new Uint8Array(0)), /redirect/],
    ['forbidden', () => answer(403, new Uint8Array(0)), /refuses: 403/],
    ['not there', () => answer(404, new Uint8Array(0)), /no such file: 404/],
    ['broken', () => answer(500, new Uint8Array(0)), /cannot answer now: 500/],
    ['odd', () => answer(204, new Uint8Array(0)), /answered 204/],
  ])('%s', async (_, reply, words) => {
    await expect(open(serve(reply))).rejects.toThrow(words);
  });
});

/** A body that never ends, and how much of it was taken. */
function endless(): { readonly body: ReadableStream<Uint8Array>; taken: number } {
  const counted = {
    taken: 0,
    body: new ReadableStream<Uint8Array>({
      pull(controller) {
        counted.taken += 65_536;
        controller.enqueue(new Uint8Array(65_536));
      },
    }),
  };
  return counted;
}

test.each<[string, number, Record<string, string>, number]>([
  ['a part', 206, { 'content-range': `bytes 0-4095/${FILE.length}` }, 4096],
  ['a whole file that unpacks without end', 200, { 'content-length': '5000', 'content-encoding': 'gzip' }, 64 * 1024 * 1024],
])('%s longer than asked for is not kept', async (_, status, headers, most) => {
  const flood = endless();
  await expect(open(serve(() => ({ ...answer(status, FILE, headers), body: flood.body })))).rejects.toThrow(/gave more than the [\d,]+ bytes/);
  expect(flood.taken).toBeLessThan(most + 4 * 65_536);
});

test('another part of the same length in place of the one asked for is no answer', async () => {
  const source = await open(serve((_, start, end) => (start === 0 ? part(start, end) : part(start - 4096, end - 4096))));
  await expect(source.read(8192, 10)).rejects.toThrow(/another part of the file.*bytes from 8,192 on/);
});

test('a mark that only some answers have is no sign of change', async () => {
  const dated = { 'last-modified': 'Thu, 26 Nov 2026 10:00:00 GMT' };
  const bare = (start: number, end: number) =>
    answer(206, FILE.subarray(start, end), { 'content-range': `bytes ${start}-${end - 1}/${FILE.length}`, ...dated });
  const source = await open(serve((_, start, end) => (start === 0 ? part(start, end, dated) : bare(start, end))));
  expect(await source.read(4096, 4)).toEqual(FILE.slice(4096, 4100));
});

test('http asked by an https page is told as what it is, and not tried again; this machine is another matter', async () => {
  const server = serve(() => new TypeError('Failed to fetch'));
  const of = (url: string) => openRemote(fetchedFile(url, { fetch: server.fetch, origin: ORIGIN }), 'x', { wait: server.wait, turns: new Turns() });
  await expect(of('http://dumps.example/a')).rejects.toThrow(/over https.*no server over http/);
  expect(server.asked.length).toBe(1);
  for (const url of ['http://127.0.0.1:8000/a', 'http://localhost/a', 'http://[::1]:1/a', 'https://dumps.example/a'])
    await expect(of(url)).rejects.toThrow(/Access-Control-Allow-Origin/);
});

test('where Node knows why, it is said', async () => {
  const cause = Object.assign(new Error('connect'), { code: 'ECONNREFUSED' });
  const server = serve(() => new TypeError('fetch failed', { cause }));
  await expect(openRemote(fetchedFile(URL_, { fetch: server.fetch }), 'x', { wait: server.wait, turns: new Turns() })).rejects.toThrow(
    'could not be reached (ECONNREFUSED).',
  );
});

test('the length may come by HEAD where Content-Range is not shown', async () => {
  const source = await open(
    serve((how, start, end) =>
      how.method === 'HEAD' ? answer(200, new Uint8Array(0), { 'content-length': String(FILE.length) }) : answer(206, FILE.subarray(start, end)),
    ),
  );
  expect(source.size).toBe(FILE.length);
  expect(await source.read(50_000, 5)).toEqual(FILE.slice(50_000, 50_005));
});

test('a small file that only comes whole is taken whole; an empty one has no bytes', async () => {
  const source = await open(serve(() => answer(200, FILE, { 'content-length': String(FILE.length) })));
  expect(source.size).toBe(FILE.length);
  expect(await source.read(99_990, 100)).toEqual(FILE.slice(99_990));
  expect((await open(serve(() => answer(416, new Uint8Array(0))))).size).toBe(0);
});

test('a broken network and a busy server are asked again, in longer and longer waits, as long as they ask for', async () => {
  let tries = 0;
  const server = serve((_, start, end) => {
    tries++;
    if (tries === 2) return new TypeError('network');
    if (tries === 3) return answer(503, new Uint8Array(0), { 'retry-after': '2' });
    return part(start, end);
  });
  const source = await open(server);
  expect(await source.read(8192, 3)).toEqual(FILE.slice(8192, 8195));
  expect(server.waits).toEqual([300, 2000]);
});

test('what fails for good rejects, and is asked for anew the next time', async () => {
  let isDown = false;
  const server = serve((_, start, end) => (isDown ? new TypeError('network') : part(start, end)));
  const source = await open(server);
  isDown = true;
  await expect(source.read(4096, 1)).rejects.toThrow(/no answer that this page may read/);
  expect(server.waits).toEqual([300, 1000, 3000]);
  isDown = false;
  expect(await source.read(4096, 1)).toEqual(FILE.slice(4096, 4097));
});

test.each<[string, Record<string, string>]>([
  ['another ETag', { etag: '"two"' }],
  ['another length', { 'content-range': 'bytes 4096-8191/100001' }],
])('a file that changes while it is open is told: %s', async (_, headers) => {
  const source = await open(serve((_how, start, end) => part(start, end, start > 0 ? headers : {})));
  await expect(source.read(4096, 1)).rejects.toThrow(/changed on its server/);
});
