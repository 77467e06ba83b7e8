import { virtualHex } from '#core/base/hex.ts';
import { pagingMode } from '#core/paging/modes.ts';
import type { Desk, DeskStore } from './desk.ts';
import { formatLink, type Link } from './permalink.ts';
import type { Place } from './place.ts';

/** Browsers refuse more than some 100 changes of the address in 30 s. */
const REPLACE_EVERY_MS = 400;

/** Where this visit stands in its own history: what back and forward of the page may do. */
export interface Trail {
  readonly at: number;
  readonly last: number;
}

/** The part of `window` that history needs. */
export type HistoryWindow = Pick<Window, 'history' | 'location' | 'addEventListener'>;

/** The link to what is in view; undefined while nothing is. */
export function linkOf(desk: Desk): Link | undefined {
  const { image, options, packedText, remoteUrls, sample, place } = desk;
  if (!image) return undefined;
  const { name, fileSize: size, fingerprint } = image;
  return {
    ...{ image: { name, size, fingerprint, ...(sample ? { sample } : {}) }, options, place },
    ...(remoteUrls.length > 0 ? { remoteUrls } : {}),
    ...(packedText ? { packedText } : {}),
  };
}

/** The selection as one says it: a virtual address in capitals. */
export function addressText(place: Place): string {
  const bits = place.root ? pagingMode(place.root.mode).virtualBits : 32;
  return virtualHex(place.address.page, place.address.offset, bits);
}

/**
 * Keeps the browser's address and history with the desk: a deliberate jump is an entry, everything else only rewrites the
 * present one, at most every 400 ms. Back, forward and an edited address are handed to `follow`.
 */
export class DeskHistory {
  readonly #desk: DeskStore;
  readonly #window: HistoryWindow;
  readonly #written: (hash: string) => void;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #trail: Trail = { at: 0, last: 0 };
  #listeners = new Set<() => void>();

  constructor(desk: DeskStore, window: HistoryWindow, follow: (hash: string) => void, written: (hash: string) => void = () => undefined) {
    this.#desk = desk;
    this.#window = window;
    this.#written = written;
    const at = indexOf(window.history.state) ?? 0;
    this.#trail = { at, last: at };
    window.history.replaceState({ at }, '');
    desk.subscribe((now, before) => this.#onDesk(now, before));
    window.addEventListener('popstate', (event) => this.#onPop(event, follow));
  }

  get trail(): Trail {
    return this.#trail;
  }

  /** For `useSyncExternalStore`. */
  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  back(): void {
    this.flush();
    if (this.#trail.at > 0) this.#window.history.back();
  }

  forward(): void {
    if (this.#trail.at < this.#trail.last) this.#window.history.forward();
  }

  /** Writes now what waits to be written, so that the address is that of what is in view. */
  flush(): void {
    if (this.#timer === undefined) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#replace(this.#desk.getState());
  }

  #onDesk(now: Desk, before: Desk): void {
    if (now.place === before.place && now.image === before.image && now.options === before.options) return;
    if (now.jumps > before.jumps) this.#push(now, before);
    else this.#timer ??= setTimeout(() => this.flush(), REPLACE_EVERY_MS);
  }

  /** The entry that is left gets its last place first. */
  #push(now: Desk, before: Desk): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#replace(before);
    const at = this.#trail.at + 1;
    const hash = hashOf(now);
    if (hash === undefined) return;
    this.#window.history.pushState({ at }, '', hash);
    this.#setTrail({ at, last: at });
    this.#written(hash);
  }

  #replace(desk: Desk): void {
    const hash = hashOf(desk);
    if (hash === undefined || hash === this.#window.location.hash) return;
    this.#window.history.replaceState({ at: this.#trail.at }, '', hash);
    this.#written(hash);
  }

  /** An entry without our mark is an address that the user typed or pasted: it stands after the present one. */
  #onPop(event: PopStateEvent, follow: (hash: string) => void): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const known = indexOf(event.state);
    const at = known ?? this.#trail.at + 1;
    if (known === undefined) this.#window.history.replaceState({ at }, '');
    this.#setTrail({ at, last: known === undefined ? at : Math.max(at, this.#trail.last) });
    follow(this.#window.location.hash);
  }

  #setTrail(trail: Trail): void {
    this.#trail = trail;
    for (const listener of this.#listeners) listener();
  }
}

function hashOf(desk: Desk): string | undefined {
  const link = linkOf(desk);
  return link && formatLink(link);
}

function indexOf(state: unknown): number | undefined {
  return typeof state === 'object' && state !== null && 'at' in state && typeof state.at === 'number' ? state.at : undefined;
}
