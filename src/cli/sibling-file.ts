import { access } from 'node:fs/promises';

/** Endings of two files that are one dump, by which they are found beside each other; what they are is told by their content. */
const PAIRS: Readonly<Record<string, readonly string[]>> = {
  '.vmem': ['.vmss', '.vmsn'],
  '.vmss': ['.vmem'],
  '.vmsn': ['.vmem'],
};

/** The other file of a pair, of the same name but for its ending; undefined where there is none. */
export async function siblingOf(path: string): Promise<string | undefined> {
  const ending = /\.[^./\\]+$/.exec(path)?.[0] ?? '';
  for (const other of PAIRS[ending.toLowerCase()] ?? []) {
    const candidate = path.slice(0, path.length - ending.length) + other;
    if (await isThere(candidate)) return candidate;
  }
  return undefined;
}

async function isThere(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch {
    return false;
  }
}
