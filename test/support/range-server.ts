import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';

/** How a server of files behaves; all as it should by default. */
export interface RangeManners {
  readonly cors?: boolean;
  /** Headers that pages elsewhere may see. */
  readonly exposed?: string;
  readonly ranges?: boolean;
  readonly status?: number;
  /** Statuses of the next answers, used up one by one. */
  readonly statuses?: number[];
  readonly retryAfter?: string;
  /** Where it sends whoever asks. */
  readonly redirect?: string;
  /** Packs whatever it sends, as servers do that were told to. */
  readonly gzip?: boolean;
  /** Sends so many bytes of the body and then nothing more, the connection left open. */
  readonly stallAfter?: number;
  /** Milliseconds before an answer begins. */
  readonly latency?: number;
  /** Changes to let a test change the file. */
  etag?: string;
}

export interface RangeServer {
  /** Origin, without a closing slash. */
  readonly origin: string;
  /** "GET /path bytes=0-1" of each request, in order, with its cookie and referrer if it has any. */
  readonly log: string[];
  readonly manners: Record<string, RangeManners>;
  /** Requests that waited for their answers at one time, at most. */
  readonly mostAtOnce: number;
  /** Times that somebody connected, whether or not to ask. */
  readonly connections: number;
  close(): Promise<void>;
}

/** A small server of files in memory on another origin than the page's, with Range and CORS as each path's manners say. */
export async function rangeServer(files: Readonly<Record<string, Uint8Array>>, manners: Record<string, RangeManners> = {}): Promise<RangeServer> {
  const log: string[] = [];
  const waiting = { now: 0, most: 0 };
  const server = createServer(async (request, response) => {
    log.push(
      `${request.method} ${request.url} ${request.headers.range ?? ''} ${request.headers.cookie ?? ''} ${request.headers.referer ?? ''}`.trim(),
    );
    const path = request.url ?? '';
    waiting.most = Math.max(waiting.most, ++waiting.now);
    await setTimeout(manners[path]?.latency ?? 0);
    // Before the answer and not after it: who gets it may ask again at once.
    waiting.now--;
    answer(files[path], manners[path] ?? {}, request, response);
  });
  let connections = 0;
  server.on('connection', () => connections++);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    ...{ origin: `http://127.0.0.1:${port}`, log, manners },
    get mostAtOnce() {
      return waiting.most;
    },
    get connections() {
      return connections;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function answer(file: Uint8Array | undefined, manners: RangeManners, request: IncomingMessage, response: ServerResponse): void {
  const { ranges = true, redirect } = manners;
  const status = manners.statuses?.shift() ?? manners.status;
  setHeaders(manners, response);
  if (request.method === 'OPTIONS') response.writeHead(204).end();
  else if (redirect !== undefined) response.writeHead(302, { Location: redirect }).end();
  else if (status !== undefined || !file) response.writeHead(status ?? 404).end();
  else if (!ranges) response.writeHead(200, { 'Content-Length': 10 ** 10 }).write(file.subarray(0, 1000));
  else if (request.method === 'HEAD') response.writeHead(200, { 'Content-Length': file.length }).end();
  else part(manners.gzip ? gzipSync(file) : file, manners, request, response);
}

function setHeaders({ cors = true, exposed = 'Content-Range, ETag', retryAfter }: RangeManners, response: ServerResponse): void {
  if (cors) {
    response.setHeader('Access-Control-Allow-Origin', '*');
    response.setHeader('Access-Control-Expose-Headers', exposed);
    response.setHeader('Access-Control-Allow-Headers', 'Range');
  }
  if (retryAfter !== undefined) response.setHeader('Retry-After', retryAfter);
}

/** Of a packed file a part of what is packed (RFC 9110, 14.2: a range is of the encoded bytes). */
function part(file: Uint8Array, { etag = '"one"', gzip, stallAfter }: RangeManners, request: IncomingMessage, response: ServerResponse): void {
  const [, start = '0', last = String(file.length - 1)] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '') ?? [];
  const bytes = file.subarray(Number(start), Number(last) + 1);
  response.writeHead(206, {
    'Content-Range': `bytes ${start}-${Number(start) + bytes.length - 1}/${file.length}`,
    'Content-Length': bytes.length,
    ETag: etag,
    ...(gzip && { 'Content-Encoding': 'gzip' }),
  });
  if (stallAfter === undefined) response.end(bytes);
  else response.write(bytes.subarray(0, stallAfter));
}
