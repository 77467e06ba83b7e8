import { access } from 'node:fs/promises';
import { isAddress } from './node-byte-source.ts';

/** Endings of two files that are one dump, by which they are found beside each other; what they are is told by their content. */
const PAIRS: Readonly<Record<string, readonly string[]>> = {
  '.vmem': ['.vmss', '.vmsn'],
  '.vmss': ['.vmem'],
  '.vmsn': ['.vmem'],
};

/** Addresses at which the other file of a pair may lie: none of them is asked for unless it is given. */
export function siblingUrls(url: string): readonly string[] {
  const [path = ''] = url.split(/[?#]/);
  return isAddress(url) ? siblingNames(path) : [];
}

/** The other file of a pair, of the same name but for its ending; undefined where there is none. */
export async function siblingOf(path: string): Promise<string | undefined> {
  for (const candidate of siblingNames(path)) if (await isThere(candidate)) return candidate;
  return undefined;
}

function siblingNames(path: string): readonly string[] {
  const ending = /\.[^./\\]+$/.exec(path)?.[0] ?? '';
  return (PAIRS[ending.toLowerCase()] ?? []).map((other) => path.slice(0, path.length - ending.length) + other);
}

async function isThere(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch {
    return false;
  }
}
