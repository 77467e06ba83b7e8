import { bytesText, commas } from '#core/base/hex.ts';

/** What was fetched from servers so far. */
export interface Traffic {
  readonly requests: number;
  /** Bytes of answers that came, those fetched again included. */
  readonly bytes: number;
  /** Bytes of the files themselves. */
  readonly size: number;
  /** Requests that wait to be tried again: the server is busy, or cannot be reached. */
  readonly waiting: number;
}

export const NO_TRAFFIC: Traffic = { requests: 0, bytes: 0, size: 0, waiting: 0 };

/** Counts as the answers come, and tells whoever wants to know that a figure has changed. */
export class TrafficMeter {
  onChange: () => void = () => undefined;
  #traffic: Traffic = NO_TRAFFIC;

  get traffic(): Traffic {
    return this.#traffic;
  }

  add({ requests = 0, bytes = 0, size = 0, waiting = 0 }: Partial<Traffic>): void {
    const before = this.#traffic;
    this.#traffic = {
      requests: before.requests + requests,
      bytes: before.bytes + bytes,
      size: before.size + size,
      waiting: before.waiting + waiting,
    };
    this.onChange();
  }
}

/** "14 requests, 7.3 MB of 5.5 GB". */
export function trafficText({ requests, bytes, size, waiting }: Traffic): string {
  const asked = requests === 1 ? '1 request' : `${commas(requests)} requests`;
  // Blocks that were dropped are fetched again: then it is more than there is.
  return `${asked}, ${bytesText(bytes)} ${bytes <= size ? 'of' : 'in all of a file of'} ${bytesText(size)}${waiting > 0 ? ', waiting for the server' : ''}`;
}
