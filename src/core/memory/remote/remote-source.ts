import type { ByteSource } from '#core/memory/byte-source.ts';
import {
  firstAnswer,
  isOtherVersion,
  otherLength,
  otherPart,
  packed,
  type RemoteFile,
  refused,
  totalOf,
  type Version,
  versionOf,
} from './first-answer.ts';
import { Busy, type HttpAnswer, type HttpFile, UnfitServer, Unreachable } from './http-answer.ts';
import { ReadAhead } from './read-ahead.ts';
import type { Turns } from './turns.ts';

/**
 * A request costs some 20 to 200 ms however small, and what a walk needs next often lies beside what it needed last. Of a QEMU dump of 512 MB,
 * open and walked: 44 requests and 4 MiB by blocks of 64 KiB, 42 and 6.5 by these, 36 and 19 by 512 KiB.
 */
export const REMOTE_BLOCK_BYTES = 128 * 1024;
/** 64 MiB kept. */
const KEPT_BLOCKS = 512;
/** Neighbouring blocks asked for in one request: 8 MiB. */
const MOST_PER_REQUEST = 64;
/** Known blocks between others are fetched again where that saves a request: they cost less. */
const MOST_KNOWN_BETWEEN = 1;
/** Waits between tries, where the network breaks or the server is busy. */
const WAITS_MS = [300, 1000, 3000] as const;
/** A server that asks to be left alone for longer is not waited for: the user is told. */
const MOST_WAIT_MS = 30_000;

/** Resolves after so many milliseconds. */
export type Wait = (milliseconds: number) => Promise<void>;

/** How a file is asked for. */
export interface Asking {
  readonly wait: Wait;
  /** Of the file's host, shared with the other files that lie there. */
  readonly turns: Turns;
  readonly blockBytes?: number;
}

/** A file behind a server, read in blocks that are kept. @throws UnfitServer or Unreachable with a sentence for the user. */
export async function openRemote(file: HttpFile, name: string, { wait, turns, blockBytes = REMOTE_BLOCK_BYTES }: Asking): Promise<ByteSource> {
  const known = await turns.take(() => tryAgain(() => firstAnswer(file, blockBytes), wait));
  if (known.isWhole) return { name, size: known.size, read: async (offset, length) => known.first.slice(offset, offset + length) };
  const source = new RemoteSource(file, name, known, { wait, turns, blockBytes });
  return { name, size: known.size, read: (offset, length) => source.read(offset, length) };
}

class RemoteSource {
  readonly #name: string;
  readonly #size: number;
  readonly #file: HttpFile;
  readonly #version: Version;
  readonly #blockBytes: number;
  readonly #wait: Wait;
  readonly #turns: Turns;
  readonly #readAhead = new ReadAhead();
  /** By number, in order of use, oldest first; a block on its way is a promise already, so that it is asked for once. */
  readonly #blocks = new Map<number, Promise<Uint8Array>>();

  constructor(file: HttpFile, name: string, known: RemoteFile, { wait, turns, blockBytes }: Required<Asking>) {
    this.#name = name;
    this.#size = known.size;
    this.#file = file;
    this.#version = known.version;
    this.#blockBytes = blockBytes;
    this.#wait = wait;
    this.#turns = turns;
    this.#blocks.set(0, Promise.resolve(known.first));
  }

  async read(offset: number, length: number): Promise<Uint8Array> {
    const end = Math.min(this.#size, offset + length);
    if (end <= offset) return new Uint8Array(0);
    const first = Math.floor(offset / this.#blockBytes);
    const count = Math.ceil(end / this.#blockBytes) - first;
    const wanted = this.#want(first, count);
    this.#askAhead(offset, end);
    const blocks = await Promise.all(wanted);
    const bytes = new Uint8Array(end - offset);
    blocks.forEach((block, i) => {
      const at = (first + i) * this.#blockBytes;
      const part = block.subarray(Math.max(0, offset - at), end - at);
      bytes.set(part, Math.max(0, at - offset));
    });
    return bytes;
  }

  /** Nobody waits for these: one that fails is forgotten, and asked for again when it is wanted. */
  #askAhead(offset: number, end: number): void {
    const ahead = this.#readAhead.after(offset, end);
    if (ahead === undefined || ahead.start >= this.#size) return;
    const first = Math.floor(ahead.start / this.#blockBytes);
    this.#want(first, Math.ceil(Math.min(this.#size, ahead.end) / this.#blockBytes) - first);
  }

  /** The blocks, those that are not known asked for in as few requests as may be. */
  #want(first: number, count: number): Promise<Uint8Array>[] {
    const wanted = Array.from({ length: count }, (_, i) => first + i);
    for (const run of runsOf(wanted.filter((block) => !this.#blocks.has(block)))) this.#ask(run);
    const found = wanted.map((block) => this.#blocks.get(block) ?? Promise.reject(new Error('a block was not asked for')));
    for (const [i, block] of wanted.entries()) this.#use(block, found[i]);
    return found;
  }

  /** Makes a block the last used; drops the oldest. */
  #use(block: number, bytes: Promise<Uint8Array> | undefined): void {
    if (!bytes) return;
    this.#blocks.delete(block);
    this.#blocks.set(block, bytes);
    for (const oldest of this.#blocks.keys()) {
      if (this.#blocks.size <= KEPT_BLOCKS) return;
      this.#blocks.delete(oldest);
    }
  }

  /** Neighbouring blocks by one request. A failed one is forgotten, so that it is asked for again the next time. */
  #ask({ first, last }: BlockRun): void {
    const start = first * this.#blockBytes;
    const end = Math.min(this.#size, (last + 1) * this.#blockBytes);
    const answer = this.#turns.take(() => tryAgain(() => this.#bytes(start, end), this.#wait));
    for (let block = first; block <= last; block++) {
      if (this.#blocks.has(block)) continue;
      const at = (block - first) * this.#blockBytes;
      // A copy of its own: else every block kept would keep the whole answer.
      const bytes = answer.then((all) => all.slice(at, at + this.#blockBytes));
      this.#blocks.set(block, bytes);
      bytes.catch(() => this.#blocks.get(block) === bytes && this.#blocks.delete(block));
    }
  }

  async #bytes(start: number, end: number): Promise<Uint8Array> {
    const answer = await this.#file.get({ start, end });
    const fault = this.#faultOf(answer, start);
    if (fault === undefined) return this.#whole(answer, end - start);
    answer.drop();
    throw fault;
  }

  /** What is wrong with the answer, in whichever way; undefined where it is the part asked for. */
  #faultOf(answer: HttpAnswer, start: number): Error | undefined {
    if (answer.status === 200) return new UnfitServer('The server no longer gives parts of the file (200 in place of 206).');
    if (answer.status === 416) return changed(this.#name);
    if (answer.status !== 206) return refused(answer);
    const sentPacked = packed(answer);
    if (sentPacked !== undefined) return new UnfitServer(sentPacked);
    if (this.#hasChanged(answer)) return changed(this.#name);
    const other = otherPart(answer, start);
    return other === undefined ? undefined : new UnfitServer(other);
  }

  async #whole(answer: HttpAnswer, length: number): Promise<Uint8Array> {
    const bytes = await answer.bytes(length);
    if (bytes.length === length) return bytes;
    throw new UnfitServer(otherLength(bytes.length, length));
  }

  #hasChanged(answer: HttpAnswer): boolean {
    const total = totalOf(answer);
    return (total !== undefined && total !== this.#size) || isOtherVersion(versionOf(answer), this.#version);
  }
}

interface BlockRun {
  readonly first: number;
  last: number;
}

/** Ascending blocks in runs, each to be asked for at once. */
function runsOf(blocks: readonly number[]): BlockRun[] {
  const runs: BlockRun[] = [];
  for (const block of blocks) {
    const run = runs.at(-1);
    if (run && block - run.last <= MOST_KNOWN_BETWEEN + 1 && block - run.first < MOST_PER_REQUEST) run.last = block;
    else runs.push({ first: block, last: block });
  }
  return runs;
}

function changed(name: string): Error {
  const error = new Error(`“${name}” changed on its server since it was opened. Open it again.`);
  error.name = 'FileChanged';
  return error;
}

/** A broken network and a busy server may be better in a moment; nothing else is asked twice. */
async function tryAgain<T>(act: () => Promise<T>, wait: Wait): Promise<T> {
  for (const pause of WAITS_MS) {
    try {
      return await act();
    } catch (error) {
      const milliseconds = waitAfter(error, pause);
      if (milliseconds === undefined) throw error;
      await wait(milliseconds);
    }
  }
  return act();
}

/** As long as the server asks for, else `pause`; undefined where it is of no use. */
function waitAfter(error: unknown, pause: number): number | undefined {
  if (error instanceof Unreachable) return pause;
  if (!(error instanceof Busy)) return undefined;
  const { after = pause } = error;
  return after <= MOST_WAIT_MS ? after : undefined;
}
