import type { Given } from '#worker/protocol.ts';
import { remoteAddress } from './remote-address.ts';

type RemoteGiven = Extract<Given, { kind: 'remote' }>;

/** Files of one image that a link may name: all stand in the address bar. */
export const MOST_ADDRESSES = 16;

/** An image at one address, or at several whose files belong together, as they stand in a link; undefined where there is none. */
export function remoteGiven([url, ...more]: readonly string[]): RemoteGiven | undefined {
  if (url === undefined) return undefined;
  const others = more.map((other) => ({ url: other, name: nameOf(other) }));
  return { kind: 'remote', url, name: nameOf(url), ...(others.length > 0 && { others }) };
}

/** Addresses that an image is read from; none of any other. */
export const urlsOf = (given: Given): readonly string[] =>
  given.kind === 'remote' ? [given.url, ...(given.others ?? []).map(({ url }) => url)] : [];

/** "a.example", or "a.example, b.example and c.example". */
export const hostsOf = (urls: readonly string[]): string => new Intl.ListFormat('en-GB').format(new Set(urls.map((url) => new URL(url).host)));

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
  if (given.kind !== 'remote' || given.others) return undefined;
  const { origin, pathname, search } = new URL(given.url);
  const ending = /\.[^./]+$/.exec(pathname)?.[0] ?? '';
  const [what, other] = OTHER_ENDINGS[ending.toLowerCase()] ?? [];
  if (what === undefined || other === undefined) return undefined;
  return `If ${what} lies beside it, give both addresses, this one and ${origin}${pathname.slice(0, -ending.length)}${other}${search && ' with its own query'}: under “From a server”, or in a link as ?image=…&image=…. Nothing is asked of a server that neither you nor the link has named.`;
}
