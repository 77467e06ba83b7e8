import type { ByteSource } from '#core/memory/byte-source.ts';
import { firstAnswer, isOtherVersion, otherLength, otherPart, type RemoteFile, refused, totalOf, type Version, versionOf } from './first-answer.ts';
import { Busy, type HttpAnswer, type HttpFile, UnfitServer, Unreachable } from './http-answer.ts';
import type { Turns } from './turns.ts';

/** A request costs some 20 to 200 ms however small: what a walk needs next is mostly within half a MiB of what it needed last. */
export const REMOTE_BLOCK_BYTES = 512 * 1024;
/** 64 MiB kept. */
const KEPT_BLOCKS = 128;
/** Neighbouring blocks asked for in one request. */
const MOST_PER_REQUEST = 16;
/** Waits between tries, where the network breaks or the server is busy. */
const WAITS_MS = [300, 1000, 3000] as const;

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
    const blocks = await Promise.all(this.#want(first, count));
    const bytes = new Uint8Array(end - offset);
    blocks.forEach((block, i) => {
      const at = (first + i) * this.#blockBytes;
      const part = block.subarray(Math.max(0, offset - at), end - at);
      bytes.set(part, Math.max(0, at - offset));
    });
    return bytes;
  }

  /** The blocks, those that are not known asked for in as few requests as may be. */
  #want(first: number, count: number): Promise<Uint8Array>[] {
    const wanted = Array.from({ length: count }, (_, i) => first + i);
    let run: number[] = [];
    const ask = () => {
      if (run.length > 0) this.#ask(run);
      run = [];
    };
    for (const block of wanted) {
      if (this.#blocks.has(block)) ask();
      else if (run.push(block) === MOST_PER_REQUEST) ask();
    }
    ask();
    const found = wanted.map((block) => this.#blocks.get(block) ?? Promise.reject(new Error('a block was not asked for')));
    for (const [i, block] of wanted.entries()) this.#use(block, found[i]);
    return found;
  }

  /** Makes a block the last used; drops the oldest. */
  #use(block: number, bytes: Promise<Uint8Array> | undefined): void {
    if (!bytes) return;
    this.#blocks.delete(block);
    this.#blocks.set(block, bytes);
    const oldest = this.#blocks.keys().next();
    if (this.#blocks.size > KEPT_BLOCKS && oldest.done !== true) this.#blocks.delete(oldest.value);
  }

  /** Neighbouring blocks by one request. A failed one is forgotten, so that it is asked for again the next time. */
  #ask(run: readonly number[]): void {
    const start = (run[0] ?? 0) * this.#blockBytes;
    const end = Math.min(this.#size, start + run.length * this.#blockBytes);
    const answer = this.#turns.take(() => tryAgain(() => this.#bytes(start, end), this.#wait));
    run.forEach((block, i) => {
      // A copy of its own: else every block kept would keep the whole answer.
      const bytes = answer.then((all) => all.slice(i * this.#blockBytes, (i + 1) * this.#blockBytes));
      this.#blocks.set(block, bytes);
      bytes.catch(() => this.#blocks.get(block) === bytes && this.#blocks.delete(block));
    });
  }

  async #bytes(start: number, end: number): Promise<Uint8Array> {
    const answer = await this.#file.get({ start, end });
    if (answer.status === 206 && !this.#hasChanged(answer)) {
      const other = otherPart(answer, start);
      if (other === undefined) return this.#whole(answer, end - start);
      answer.drop();
      throw new UnfitServer(other);
    }
    answer.drop();
    if (answer.status === 206 || answer.status === 416) throw changed(this.#name);
    throw answer.status === 200 ? new UnfitServer('The server no longer gives parts of the file (200 in place of 206).') : refused(answer);
  }

  async #whole(answer: HttpAnswer, length: number): Promise<Uint8Array> {
    const bytes = await answer.bytes(length);
    if (bytes.length === length) return bytes;
    throw new UnfitServer(otherLength(answer, bytes.length, length));
  }

  #hasChanged(answer: HttpAnswer): boolean {
    const total = totalOf(answer);
    return (total !== undefined && total !== this.#size) || isOtherVersion(versionOf(answer), this.#version);
  }
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
      if (!(error instanceof Unreachable) && !(error instanceof Busy)) throw error;
      await wait((error instanceof Busy ? error.after : undefined) ?? pause);
    }
  }
  return act();
}
