import type { ByteSource } from '#core/memory/byte-source.ts';
import { type Fetch, fetchedFile } from './fetched-file.ts';
import { openRemote, type Wait } from './remote-source.ts';
import { TrafficMeter } from './traffic.ts';

/** What servers are asked with. */
export interface Surroundings {
  readonly fetch: Fetch;
  readonly wait: Wait;
  /** Of the page that asks; left out in Node, where there are no origins. */
  readonly origin?: string;
}

/** Files behind servers, counted together. */
export class RemoteFiles {
  readonly meter = new TrafficMeter();
  readonly #by: Surroundings;

  constructor(by: Surroundings) {
    this.#by = by;
  }

  /** @throws UnfitServer or Unreachable with a sentence for the user. */
  async open(url: string, name: string): Promise<ByteSource> {
    const { fetch, wait, origin } = this.#by;
    const source = await openRemote(fetchedFile(url, fetch, origin, this.meter), name, wait);
    this.meter.add({ size: source.size });
    return source;
  }
}
