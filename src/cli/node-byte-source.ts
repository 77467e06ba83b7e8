import { type FileHandle, open } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';
import { invariant } from '#core/base/invariant.ts';
import type { ByteSource } from '#core/memory/byte-source.ts';
import { together } from '#core/memory/companions.ts';
import { RemoteFiles } from '#core/memory/remote/remote-files.ts';
import { Refusal } from './command.ts';

export interface OpenedFile {
  readonly source: ByteSource;
  close(): Promise<void>;
}

/** For the files of one run, counted together. */
export const remoteFiles = (): RemoteFiles => new RemoteFiles({ fetch: (address, how) => fetch(address, how as RequestInit), wait: setTimeout });

/** Whether what was given for a file is the address of one behind a server. */
export const isAddress = (path: string): boolean => /^https?:\/\//i.test(path);

/** A file of this machine, or behind a server, as a source, with the handle to be closed. @throws Refusal where it cannot be opened. */
export async function openFile(path: string, remote = remoteFiles()): Promise<OpenedFile> {
  if (isAddress(path)) return openUrl(path, remote);
  const handle = await openHandle(path);
  const stat = await handle.stat();
  if (!stat.isFile()) {
    await handle.close();
    throw new Refusal(`${path} is no file.`);
  }
  const source: ByteSource = {
    name: path,
    size: stat.size,
    async read(offset, length) {
      const bytes = new Uint8Array(Math.max(0, Math.min(length, stat.size - offset)));
      return bytes.subarray(0, await readInto(handle, offset, bytes));
    },
    readInto: (offset, buffer) => readInto(handle, offset, buffer),
  };
  return { source, close: () => handle.close() };
}

/** Files that belong together, as one source. @param files At least one. */
export function asOneDump(files: readonly OpenedFile[]): ByteSource {
  const [first, ...others] = files.map(({ source }) => source);
  invariant(first !== undefined, 'a file was opened');
  return others.length > 0 ? together([first, ...others]) : first;
}

/** An image behind a server, read in parts. */
async function openUrl(url: string, remote: RemoteFiles): Promise<OpenedFile> {
  if (!URL.canParse(url)) throw new Refusal(`${url} is no address.`);
  const { username, password } = new URL(url);
  if (username !== '' || password !== '') throw new Refusal('The address holds a name or password, which is not sent. Leave it out.');
  try {
    const source = await remote.open(url, url);
    return { source, close: async () => undefined };
  } catch (error) {
    throw new Refusal(`${url} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}

async function openHandle(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'r');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    throw new Refusal(code === 'ENOENT' ? `There is no file ${path}.` : `${path} cannot be opened: ${code ?? String(error)}.`);
  }
}

/** Reads until the buffer is full or the file ends: one call may give fewer. */
async function readInto(handle: FileHandle, offset: number, bytes: Uint8Array): Promise<number> {
  let done = 0;
  while (done < bytes.length) {
    const { bytesRead } = await handle.read(bytes, done, bytes.length - done, offset + done);
    if (bytesRead === 0) break;
    done += bytesRead;
  }
  return done;
}
