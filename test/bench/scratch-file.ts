import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Runs `act` with the path of a file that `write` wrote into a folder of its own, which goes away after. */
export async function withFile<T>(name: string, write: (path: string) => Promise<void>, act: (path: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'pagewalk-bench-'));
  try {
    const path = join(folder, name);
    await write(path);
    return await act(path);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
