import type { Given } from '#worker/protocol.ts';
import { remoteAddress } from './remote-address.ts';

type RemoteGiven = Extract<Given, { kind: 'remote' }>;

/** An image at one address, or at two whose files belong together, as they stand in a link; undefined where there is none. */
export function remoteGiven([url, second]: readonly string[]): RemoteGiven | undefined {
  if (url === undefined) return undefined;
  return { kind: 'remote', url, name: nameOf(url), ...(second !== undefined && { companion: { url: second, name: nameOf(second) } }) };
}

/** Addresses that an image is read from: none, one or two. */
export function urlsOf(given: Given): readonly string[] {
  if (given.kind !== 'remote') return [];
  return given.companion ? [given.url, given.companion.url] : [given.url];
}

/** "a.example", or "a.example and b.example". */
export const hostsOf = (urls: readonly string[]): string => [...new Set(urls.map((url) => new URL(url).host))].join(' and ');

function nameOf(url: string): string {
  const address = remoteAddress(url);
  return typeof address === 'string' ? url : address.name;
}

/** Endings of the two files of a VMware guest: its memory, and its state. */
const OTHER_ENDINGS: Readonly<Record<string, readonly [string, string]>> = {
  '.vmem': ['its state file', '.vmss (or .vmsn)'],
  '.vmss': ['its memory', '.vmem'],
  '.vmsn': ['its memory', '.vmem'],
};

/** Where a name says that a second file may belong to it: which address to add. It is not asked for, since the link does not name it. */
export function secondAddress(given: Given): string | undefined {
  if (given.kind !== 'remote' || given.companion) return undefined;
  const { origin, pathname, search } = new URL(given.url);
  const ending = /\.[^./]+$/.exec(pathname)?.[0] ?? '';
  const [what, other] = OTHER_ENDINGS[ending.toLowerCase()] ?? [];
  if (what === undefined || other === undefined) return undefined;
  return `If ${what} lies beside it, give both addresses, this one and ${origin}${pathname.slice(0, -ending.length)}${other}${search && ' with its own query'}: under “From a server”, or in a link as ?image=…&image=…. Nothing is asked of a server that neither you nor the link has named.`;
}
