/** The only file that knows how calls cross to the worker (comlink). */
import { type Endpoint, expose, proxy, type Remote, transfer, wrap } from 'comlink';
import type { Reader } from './protocol.ts';

export type { Endpoint };
export type RemoteReader = Remote<Reader>;

export const offerReader = (reader: Reader, endpoint?: Endpoint): void => expose(reader, endpoint);
export const connectReader = (endpoint: Endpoint): RemoteReader => wrap<Reader>(endpoint);
/** A function that may be called from the other side. */
export const callableAcross = <T extends (...parameters: never[]) => void>(report: T): T => proxy(report);

/**
 * Makes an answer cheap and safe to send. A typed array may be a window on a large cached buffer: cloning it would copy all of
 * that buffer, transferring it would take the cache away. So each is copied to its own size, and the copy transferred.
 */
export function withOwnBuffers<T>(answer: T): T {
  const buffers: ArrayBuffer[] = [];
  const own = ownBuffers(answer, buffers) as T;
  return buffers.length > 0 ? transfer(own, buffers) : own;
}

/** An answer whose buffers go to the other side without being copied. */
export const handedOver = <T>(answer: T, buffers: ArrayBuffer[]): T => transfer(answer, buffers);

function ownBuffers(value: unknown, buffers: ArrayBuffer[]): unknown {
  if (value === null || typeof value !== 'object') return value;
  if (value instanceof Uint8Array || value instanceof Float64Array || value instanceof Uint32Array) {
    const copy = value.slice();
    buffers.push(copy.buffer);
    return copy;
  }
  if (Array.isArray(value)) return value.map((item) => ownBuffers(item, buffers));
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, ownBuffers(item, buffers)]));
}
