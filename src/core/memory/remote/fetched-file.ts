import { type AskedRange, type HttpAnswer, type HttpFile, Unreachable } from './http-answer.ts';

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
  readonly body: { cancel(): Promise<void> } | null;
  arrayBuffer(): Promise<ArrayBuffer>;
}

/** Nothing of the user goes with a request, and none is sent on to another host. */
const PLAIN = { credentials: 'omit', referrerPolicy: 'no-referrer', redirect: 'manual', cache: 'no-store' } as const;

/** A file at an address. @param origin Of the page that asks, for the sentence that names the header; undefined in Node, where there are no origins. */
export function fetchedFile(url: string, fetch: Fetch, origin?: string): HttpFile {
  const ask = async (how: FetchHow): Promise<HttpAnswer> => {
    try {
      return answerOf(await fetch(url, how));
    } catch (cause) {
      throw new Unreachable(whyNot(origin), { cause });
    }
  };
  return {
    url,
    get: ({ start, end }: AskedRange) => ask({ ...PLAIN, method: 'GET', headers: { Range: `bytes=${start}-${end - 1}` } }),
    head: () => ask({ ...PLAIN, method: 'HEAD' }),
  };
}

function answerOf(answer: FetchAnswer): HttpAnswer {
  return {
    status: answer.status,
    header: (name) => answer.headers.get(name) ?? undefined,
    bytes: async () => {
      try {
        return new Uint8Array(await answer.arrayBuffer());
      } catch (cause) {
        throw new Unreachable('The connection broke while the server was answering.', { cause });
      }
    },
    drop: () => void answer.body?.cancel().catch(() => undefined),
  };
}

/**
 * A browser does not tell why it gives no answer. (A second request in mode no-cors would tell whether there is a server at all, but
 * it must follow redirects, and so may ask a host that the user was never asked about.)
 */
function whyNot(origin: string | undefined): string {
  if (origin === undefined) return 'The server could not be reached.';
  return `There is no answer that this page may read. Either the server cannot be reached (no network, no such name, or an https page that may not ask over http), or it lacks the header Access-Control-Allow-Origin: ${origin} (or *). A browser does not say which.`;
}
