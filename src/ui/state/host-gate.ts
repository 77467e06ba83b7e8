import type { Given } from '#worker/protocol.ts';
import type { AllowedHosts } from './allowed-hosts.ts';
import { failureOf } from './failures.ts';
import type { Phase } from './phase.ts';
import { type RemoteAddress, remoteAddress } from './remote-address.ts';
import { urlsOf } from './remote-given.ts';

/** Stands before every opening: of an image behind hosts that were not allowed, nothing is asked before the user's yes to each by name. */
export class HostGate<Request extends { readonly given: Given }> {
  readonly #hosts: AllowedHosts;
  /** Waits for the yes. */
  #asked: { readonly request: Request; readonly addresses: readonly RemoteAddress[]; readonly origins: readonly string[] } | undefined;

  constructor(hosts: AllowedHosts) {
    this.#hosts = hosts;
  }

  /** What is shown in place of an opening: the question, or why an address is none; undefined where nothing stands in the way. */
  stop(request: Request): Phase | undefined {
    const addresses: RemoteAddress[] = [];
    for (const url of urlsOf(request.given)) {
      const address = remoteAddress(url);
      if (typeof address === 'string') return failureOf(url, new Error(address));
      addresses.push(address);
    }
    const unknown = addresses.filter(({ origin }) => !this.#hosts.has(origin));
    if (unknown.length === 0) return undefined;
    this.#asked = { request, addresses, origins: unknown.map(({ origin }) => origin) };
    return { kind: 'ask-host', addresses, hosts: [...new Set(unknown.map(({ host }) => host))] };
  }

  /**
   * The yes to the hosts of the image that waits for it.
   * @param shown The addresses that the user saw: a link may have put others since.
   * @returns What to open; undefined where others wait by now.
   */
  allow(shown: readonly RemoteAddress[], forGood: boolean): Request | undefined {
    const asked = this.#asked;
    if (!asked || urlList(asked.addresses) !== urlList(shown)) return undefined;
    for (const origin of asked.origins) this.#hosts.allow(origin, forGood);
    this.#asked = undefined;
    return asked.request;
  }

  /** What waits for the yes. */
  get asked(): Request | undefined {
    return this.#asked?.request;
  }

  /** Origins that are not asked about, until the yes is taken back. */
  get remembered(): readonly string[] {
    return this.#hosts.remembered;
  }

  /** Takes the yes back. */
  forget(origin: string): void {
    this.#hosts.forget(origin);
  }

  /** The no. */
  dismiss(): void {
    this.#asked = undefined;
  }
}

/** An address holds no space. */
const urlList = (addresses: readonly RemoteAddress[]): string => addresses.map(({ url }) => url).join(' ');
