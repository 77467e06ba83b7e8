import type { ByteSource } from '#core/memory/byte-source.ts';
import { type Fetching, fetchedFile } from './fetched-file.ts';
import { openRemote, type Wait } from './remote-source.ts';
import { TrafficMeter } from './traffic.ts';
import { Turns } from './turns.ts';

/** What servers are asked with. */
export interface Surroundings extends Omit<Fetching, 'meter'> {
  readonly wait: Wait;
}

/** Files behind servers, counted together, and no host asked for more at once than it should be. */
export class RemoteFiles {
  readonly meter = new TrafficMeter();
  readonly #by: Surroundings;
  readonly #turns = new Map<string, Turns>();

  constructor(by: Surroundings) {
    this.#by = by;
  }

  /** @throws UnfitServer or Unreachable with a sentence for the user. */
  async open(url: string, name: string): Promise<ByteSource> {
    const source = await openRemote(fetchedFile(url, { ...this.#by, meter: this.meter }), name, {
      wait: (milliseconds) => this.#wait(milliseconds),
      turns: this.#turnsOf(url),
    });
    this.meter.add({ size: source.size });
    return source;
  }

  /** Files that belong together. What fails says which of them it was. */
  openAll(files: readonly { readonly url: string; readonly name: string }[]): Promise<ByteSource[]> {
    const opened = files.map(async ({ url, name }) => {
      try {
        return await this.open(url, name);
      } catch (error) {
        if (error instanceof Error && files.length > 1) error.message = `“${name}”: ${error.message}`;
        throw error;
      }
    });
    return Promise.all(opened);
  }

  async #wait(milliseconds: number): Promise<void> {
    this.meter.add({ waiting: 1 });
    await this.#by.wait(milliseconds);
    this.meter.add({ waiting: -1 });
  }

  #turnsOf(url: string): Turns {
    const host = /^[a-z]+:\/\/[^/?#]+/i.exec(url)?.[0].toLowerCase() ?? '';
    const turns = this.#turns.get(host) ?? new Turns();
    this.#turns.set(host, turns);
    return turns;
  }
}
