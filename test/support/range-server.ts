import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout } from 'node:timers/promises';

/** How a server of files behaves; all as it should by default. */
export interface RangeManners {
  readonly cors?: boolean;
  readonly ranges?: boolean;
  readonly status?: number;
  /** Milliseconds before an answer begins. */
  readonly latency?: number;
  /** Changes to let a test change the file. */
  etag?: string;
}

export interface RangeServer {
  /** Origin, without a closing slash. */
  readonly origin: string;
  /** "GET /path bytes=0-1" of each request, in order. */
  readonly log: string[];
  readonly manners: Record<string, RangeManners>;
  /** Requests that waited for their answers at one time, at most. */
  readonly mostAtOnce: number;
  close(): Promise<void>;
}

/** A small server of files in memory on another origin than the page's, with Range and CORS as each path's manners say. */
export async function rangeServer(files: Readonly<Record<string, Uint8Array>>, manners: Record<string, RangeManners> = {}): Promise<RangeServer> {
  const log: string[] = [];
  const waiting = { now: 0, most: 0 };
  const server = createServer(async (request, response) => {
    log.push(`${request.method} ${request.url} ${request.headers.range ?? ''} ${request.headers.cookie ?? ''}`.trim());
    const path = request.url ?? '';
    waiting.most = Math.max(waiting.most, ++waiting.now);
    await setTimeout(manners[path]?.latency ?? 0);
    // Before the answer and not after it: who gets it may ask again at once.
    waiting.now--;
    answer(files[path], manners[path] ?? {}, request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    ...{ origin: `http://127.0.0.1:${port}`, log, manners },
    get mostAtOnce() {
      return waiting.most;
    },
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

function answer(file: Uint8Array | undefined, manners: RangeManners, request: IncomingMessage, response: ServerResponse): void {
  const { cors = true, ranges = true, status, etag = '"one"' } = manners;
  if (cors) {
    response.setHeader('Access-Control-Allow-Origin', '*');
    response.setHeader('Access-Control-Expose-Headers', 'Content-Range, ETag');
    response.setHeader('Access-Control-Allow-Headers', 'Range');
  }
  if (request.method === 'OPTIONS') response.writeHead(204).end();
  else if (status !== undefined || !file) response.writeHead(status ?? 404).end();
  else if (!ranges) response.writeHead(200, { 'Content-Length': 10 ** 10 }).write(file.subarray(0, 1000));
  else part(file, etag, request, response);
}

function part(file: Uint8Array, etag: string, request: IncomingMessage, response: ServerResponse): void {
  const [, start = '0', last = String(file.length - 1)] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '') ?? [];
  const bytes = file.subarray(Number(start), Number(last) + 1);
  response.writeHead(206, {
    'Content-Range': `bytes ${start}-${Number(start) + bytes.length - 1}/${file.length}`,
    'Content-Length': bytes.length,
    ETag: etag,
  });
  response.end(request.method === 'HEAD' ? undefined : bytes);
}
