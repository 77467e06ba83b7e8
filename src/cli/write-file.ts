import { type FileHandle, link, open, rename, stat, unlink } from 'node:fs/promises';
import process from 'node:process';
import { Cancelled, type Task } from '#core/base/task.ts';
import type { PlannedFile } from '#core/write/planned-file.ts';
import { Refusal } from './command.ts';

/** Zeros of that many bytes at a multiple of them are left out: the file system keeps a hole. */
const BLOCK = 64 * 1024;

/**
 * Writes a file whole or not at all: beside its place first, then renamed to it. Ctrl-C and errors leave nothing behind.
 * @throws Refusal where a file is there and `force` is not set, or where it cannot be written, or at Ctrl-C.
 */
export async function writeFile(path: string, plan: PlannedFile, force: boolean, task: Task): Promise<void> {
  if (!force) await refuseThere(path);
  const part = `${path}.${process.pid}.part`;
  const stop = new Stop(task);
  try {
    await writePart(part, plan, stop.task);
    await (force ? rename(part, path) : renameToNew(part, path));
  } catch (error) {
    await unlink(part).catch(() => undefined);
    throw refusalOf(error, path);
  } finally {
    stop.off();
  }
}

async function refuseThere(path: string): Promise<void> {
  const there = await stat(path).catch(() => undefined);
  if (there) throw new Refusal(`${path} is there already: give another name with --out, or --force to write over it.`);
}

/** A link is refused where the name is taken meanwhile; some file systems have none. */
async function renameToNew(part: string, path: string): Promise<void> {
  try {
    await link(part, path);
    await unlink(part);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw error;
    await refuseThere(path);
    await rename(part, path);
  }
}

async function writePart(part: string, plan: PlannedFile, task: Task): Promise<void> {
  const file = await open(part, 'wx');
  try {
    for await (const { offset, bytes } of plan.pieces(task)) {
      task.check();
      await writeSparse(file, offset, bytes);
    }
    await file.truncate(plan.size);
  } finally {
    await file.close();
  }
}

async function writeSparse(file: FileHandle, offset: number, bytes: Uint8Array): Promise<void> {
  let from = 0;
  for (let at = 0; at < bytes.length; ) {
    const end = Math.min(bytes.length, at + BLOCK - ((offset + at) % BLOCK));
    if (isZero(bytes.subarray(at, end))) {
      await writeAll(file, bytes.subarray(from, at), offset + from);
      from = end;
    }
    at = end;
  }
  await writeAll(file, bytes.subarray(from), offset + from);
}

async function writeAll(file: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < bytes.length; ) done += (await file.write(bytes, done, bytes.length - done, position + done)).bytesWritten;
}

function isZero(bytes: Uint8Array): boolean {
  const words = bytes.byteOffset % 4 === 0 ? new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.length >>> 2) : undefined;
  if (words?.some((word) => word !== 0)) return false;
  return bytes.subarray(words ? words.length * 4 : 0).every((byte) => byte === 0);
}

/** Makes Ctrl-C a cancel, so that what was begun is taken away. */
class Stop {
  #asked = false;
  readonly #listener = (): void => {
    this.#asked = true;
  };
  readonly task: Task;

  constructor(task: Task) {
    process.on('SIGINT', this.#listener);
    process.on('SIGTERM', this.#listener);
    this.task = {
      report: (progress) => task.report(progress),
      check: () => {
        if (this.#asked) throw new Cancelled();
        task.check();
      },
    };
  }

  off(): void {
    process.off('SIGINT', this.#listener);
    process.off('SIGTERM', this.#listener);
  }
}

function refusalOf(error: unknown, path: string): unknown {
  if (error instanceof Cancelled) return new Refusal(`Stopped: ${path} was not written.`);
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'EEXIST') return new Refusal(`${path} is there already: give another name with --out, or --force to write over it.`);
  return typeof code === 'string' ? new Refusal(`${path} cannot be written: ${code}.`) : error;
}
