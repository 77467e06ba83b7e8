/** What a server answered, as far as reading an image needs it: the browser's and Node's `fetch` behind one small face. */
export interface HttpAnswer {
  readonly status: number;
  /** Undefined where the server did not send it, or does not let other pages see it. */
  header(name: string): string | undefined;
  /** @throws Unreachable where the connection breaks; UnfitServer where there are more than `most`, which are then not kept. */
  bytes(most: number): Promise<Uint8Array>;
  /** Ends the answer unread. */
  drop(): void;
}

/** Bytes [start, end) of the file. */
export interface AskedRange {
  readonly start: number;
  readonly end: number;
}

/** Asks one server for one file. Nothing but GET and HEAD, no cookies, no referrer, no redirects. */
export interface HttpFile {
  readonly url: string;
  /** @throws Unreachable where there is no answer that may be seen. */
  get(range: AskedRange): Promise<HttpAnswer>;
  head(): Promise<HttpAnswer>;
}

/** No answer that may be seen: the network, the name, or a server that does not let this page read. `sentence` says which is known. */
export class Unreachable extends Error {
  override readonly name = 'Unreachable';
}

/** The server answers, and not in a way that an image can be read by: the message says what is missing and what to set. */
export class UnfitServer extends Error {
  override readonly name = 'UnfitServer';
}

/** The server cannot answer now, and may in a moment. */
export class Busy extends UnfitServer {
  /** Milliseconds that it asks to be left alone; undefined where it does not say. */
  readonly after: number | undefined;

  constructor(message: string, after: number | undefined, options?: { readonly cause: unknown }) {
    super(message, options);
    this.after = after;
  }
}
