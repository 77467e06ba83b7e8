import { commas } from '#core/base/hex.ts';
import { type AskedRange, Busy, type HttpAnswer, type HttpFile, UnfitServer, Unreachable } from './http-answer.ts';
import { MOST_SILENCE_MS, Patience } from './patience.ts';
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
  /** An AbortSignal, which core has no type for. */
  readonly signal: unknown;
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

/** What a file is fetched with. */
export interface Fetching {
  readonly fetch: Fetch;
  /** Of the page that asks, for the sentence that names the header; left out in Node, where there are no origins. */
  readonly origin?: string | undefined;
  /** Counts each request, answered or not, and each byte that comes. */
  readonly meter?: TrafficMeter;
  /** How long nothing may come. */
  readonly silenceMs?: number | undefined;
}

type Under = Required<Pick<Fetching, 'meter'>> & { readonly patience: Patience; readonly origin: string | undefined };

/** A file at an address. */
export function fetchedFile(url: string, { fetch, origin, meter = new TrafficMeter(), silenceMs = MOST_SILENCE_MS }: Fetching): HttpFile {
  const ask = async (how: Omit<FetchHow, 'signal'>): Promise<HttpAnswer> => {
    meter.add({ requests: 1 });
    const patience = new Patience(silenceMs);
    try {
      return answerOf(await fetch(url, { ...how, signal: patience.signal }), { meter, patience, origin });
    } catch (cause) {
      patience.end();
      if (patience.isOver) throw tooSlow(patience, cause);
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

function answerOf(answer: FetchAnswer, under: Under): HttpAnswer {
  const { patience } = under;
  return {
    status: answer.status,
    header: (name) => answer.headers.get(name) ?? undefined,
    bytes: async (most) => {
      try {
        return answer.body ? await bodyOf(answer.body.getReader(), most, under) : new Uint8Array(0);
      } catch (cause) {
        if (cause instanceof UnfitServer) throw cause;
        if (patience.isOver) throw tooSlow(patience, cause);
        throw new Unreachable(broken(under.origin), { cause });
      } finally {
        patience.end();
      }
    },
    drop: () => {
      patience.end();
      answer.body?.cancel().catch(() => undefined);
    },
  };
}

/** It may be the line, and the next try goes through. */
const tooSlow = (patience: Patience, cause: unknown): Busy =>
  new Busy(`The server gave nothing, or hardly anything, for ${patience.text}.`, undefined, { cause });

/** A page is not told of an answer that its browser could not unpack. */
const broken = (origin: string | undefined): string =>
  `The connection broke while the server was answering${origin === undefined ? '' : ', or the server packs the file on the way (Content-Encoding) and a part of that cannot be unpacked'}.`;

/** Never holds more than was asked for, whatever the server sends. */
async function bodyOf(reader: BodyReader, most: number, { meter, patience }: Under): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for (let { done, value } = await reader.read(); !done; { done, value } = await reader.read()) {
    if (value === undefined) continue;
    length += value.length;
    meter.add({ bytes: value.length });
    patience.note(value.length);
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
  return `There is no answer that this page may read. The server cannot be reached (no network, or no such name), or it lacks the header Access-Control-Allow-Origin: ${origin} (or *), which some leave out of a refusal (403, 404), or it packs the file on the way (Content-Encoding). A browser does not say which.`;
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
