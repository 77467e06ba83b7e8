import { nearness } from '#ui/state/nearness.ts';
import type { RemoteAddress } from '#ui/state/remote-address.ts';

/** What the user should know of these hosts before a yes. */
export function HostWarnings({ addresses }: { readonly addresses: readonly RemoteAddress[] }) {
  const warnings = new Set(addresses.flatMap((address) => [...warningsOf(new URL(address.url))]));
  return [...warnings].map((warning) => <p key={warning}>{warning}</p>);
}

function* warningsOf({ host, hostname, protocol }: URL): Generator<string> {
  const near = nearness(hostname);
  if (near === 'machine') yield `${host} is this machine itself. Say yes only if you know what listens there.`;
  if (near === 'network')
    yield `${host} is on your local network, which whoever made a link may not reach and you do. Say yes only if you know that server.`;
  if (hostname.includes('xn--')) yield `${host} is written in letters of other alphabets; it may look like another name.`;
  if (protocol === 'http:' && near !== 'machine') yield insecure(host);
}

const insecure = (host: string): string =>
  window.location.protocol === 'https:'
    ? `This page came over https and ${host} is to be asked over http, which browsers do not let it do: give an https address.`
    : `${host} is asked over http: what is read can be seen, and changed, on its way.`;
