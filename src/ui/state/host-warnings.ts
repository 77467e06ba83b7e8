import { nearness } from './nearness.ts';
import type { RemoteAddress } from './remote-address.ts';

/** What the user should know of hosts before a yes. @param pageProtocol Of the page that will ask: "https:". */
export function hostWarnings(addresses: readonly RemoteAddress[], pageProtocol: string): readonly string[] {
  return [...new Set(addresses.flatMap(({ url }) => [...warningsOf(new URL(url), pageProtocol)]))];
}

function* warningsOf({ host, hostname, protocol }: URL, pageProtocol: string): Generator<string> {
  const near = nearness(hostname);
  if (near === 'machine') yield `${host} is this machine itself. Say yes only if you know what listens there.`;
  if (near === 'network')
    yield `${host} is on your local network, which whoever made a link may not reach and you do. Say yes only if you know that server.`;
  if (hostname.includes('xn--')) yield `${host} is written in letters of other alphabets; it may look like another name.`;
  if (protocol !== 'http:' || near === 'machine') return;
  yield pageProtocol === 'https:'
    ? `This page came over https and ${host} is to be asked over http, which browsers mostly do not let it do: give an https address.`
    : `${host} is asked over http: what is read can be seen, and changed, on its way.`;
}
