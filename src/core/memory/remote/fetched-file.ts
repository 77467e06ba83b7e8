import { commas } from '#core/base/hex.ts';
import { type AskedRange, type HttpAnswer, type HttpFile, UnfitServer, Unreachable } from './http-answer.ts';
import { TrafficMeter } from './traffic.ts';

/** The part of `fetch` that is used, the browser's and Node's alike. */
export type Fetch = (url: string, how: FetchHow) => Promise<FetchAnswer>;

export interface FetchHow {
  readonly method: 'GET' | 'HEAD';
  readonly headers?: Readonly<Record<string, string>>;
  readonly credentials: 'omit';
  readonly referrerPolicy: 'no-referrer';
  readonly redirect: 'manual';
  readonly cache: 'no-store';
}

export interface FetchAnswer {
  readonly status: number;
  readonly headers: { get(name: string): string | null };
  readonly body: { cancel(): Promise<void>; getReader(): BodyReader } | null;
}

interface BodyReader {
  read(): Promise<{ readonly done: boolean; readonly value?: Uint8Array | undefined }>;
  cancel(): Promise<void>;
}

/** Nothing of the user goes with a request, and none is sent on to another host. */
const PLAIN = { credentials: 'omit', referrerPolicy: 'no-referrer', redirect: 'manual', cache: 'no-store' } as const;

/**
 * A file at an address.
 * @param origin Of the page that asks, for the sentence that names the header; undefined in Node, where there are no origins.
 * @param meter Counts each request, answered or not, and each byte that comes.
 */
export function fetchedFile(url: string, fetch: Fetch, origin?: string, meter = new TrafficMeter()): HttpFile {
  const ask = async (how: FetchHow): Promise<HttpAnswer> => {
    meter.add({ requests: 1 });
    try {
      return answerOf(await fetch(url, how), meter);
    } catch (cause) {
      if (isTimeout(cause)) throw new UnfitServer(TOO_SLOW, { cause });
      if (origin?.startsWith('https:') && isMixed(url)) throw new UnfitServer(MIXED, { cause });
      throw new Unreachable(whyNot(origin, cause), { cause });
    }
  };
  return {
    url,
    get: ({ start, end }: AskedRange) => ask({ ...PLAIN, method: 'GET', headers: { Range: `bytes=${start}-${end - 1}` } }),
    head: () => ask({ ...PLAIN, method: 'HEAD' }),
  };
}

function answerOf(answer: FetchAnswer, meter: TrafficMeter): HttpAnswer {
  return {
    status: answer.status,
    header: (name) => answer.headers.get(name) ?? undefined,
    bytes: async (most) => {
      const reader = answer.body?.getReader();
      try {
        return reader ? await bodyOf(reader, most, meter) : new Uint8Array(0);
      } catch (cause) {
        if (cause instanceof UnfitServer) throw cause;
        if (isTimeout(cause)) throw new UnfitServer(TOO_SLOW, { cause });
        throw new Unreachable('The connection broke while the server was answering.', { cause });
      }
    },
    drop: () => void answer.body?.cancel().catch(() => undefined),
  };
}

/** Who calls `fetch` bounds it in time, so that a server which never ends its answer does not hold a pane for ever. */
export const MOST_SECONDS = 120;
const TOO_SLOW = `The server did not end its answer within ${MOST_SECONDS} seconds.`;
const isTimeout = (cause: unknown): boolean => cause instanceof Error && cause.name === 'TimeoutError';

/** Never holds more than was asked for, whatever the server sends. */
async function bodyOf(reader: BodyReader, most: number, meter: TrafficMeter): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for (let { done, value } = await reader.read(); !done; { done, value } = await reader.read()) {
    if (value === undefined) continue;
    length += value.length;
    meter.add({ bytes: value.length });
    if (length > most) {
      reader.cancel().catch(() => undefined);
      throw new UnfitServer(`The server gave more than the ${commas(most)} bytes that it was asked for. The file must be sent as it is.`);
    }
    chunks.push(value);
  }
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}

/**
 * A browser does not tell why it gives no answer. (A second request in mode no-cors would tell whether there is a server at all, but
 * it must follow redirects, and so may ask a host that the user was never asked about.)
 */
function whyNot(origin: string | undefined, cause: unknown): string {
  if (origin === undefined) return `The server could not be reached${codeOf(cause)}.`;
  return `There is no answer that this page may read. Either the server cannot be reached (no network, or no such name), or it lacks the header Access-Control-Allow-Origin: ${origin} (or *). A browser does not say which.`;
}

/** Node tells in the cause of the cause: " (ECONNREFUSED)". */
function codeOf(cause: unknown): string {
  const inner = cause instanceof Error ? (cause.cause as { readonly code?: unknown } | undefined) : undefined;
  return typeof inner?.code === 'string' ? ` (${inner.code})` : '';
}

/** What a browser blocks as mixed content; this machine itself is trusted (Secure Contexts, 3.1). */
const isMixed = (url: string): boolean => /^http:/i.test(url) && !/^http:\/\/(localhost|127(\.\d+){3}|\[::1\])(:|\/|$)/i.test(url);
const MIXED =
  'This page came over https, and a browser lets it ask no server over http. Give an https address of the image, or open the page over http.';
