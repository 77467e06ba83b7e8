import { FRAME_BYTES, machineAddress } from '#core/memory/address.ts';
import type { Absence, MemoryImage } from '#core/memory/memory-image.ts';
import type { Presence } from '#core/memory/presence.ts';
import { type Stretch, stretchesOf } from '#core/memory/stretches.ts';

/** Bytes [start, end) of machine memory. */
export interface ByteSpan {
  readonly start: number;
  readonly end: number;
}

/** What a file shall hold: ascending, disjoint. */
export interface Contents {
  readonly spans: readonly (ByteSpan & { readonly presence: Exclude<Presence, 'absent'> })[];
  /** What was wanted and the dump does not have. */
  readonly absences: readonly Absence[];
}

/** All that the dump speaks of. */
export const wholeContents = (image: MemoryImage): Contents => sort(stretchesOf(image));

/** Those parts of the dump. @param wanted In any order; may overlap, and may lie where nothing is. */
export const contentsWithin = (image: MemoryImage, wanted: readonly ByteSpan[]): Contents => sort(cut(image, joined(wanted)));

function sort(stretches: Iterable<Stretch>): Contents {
  const spans: Contents['spans'][number][] = [];
  const absences: Absence[] = [];
  for (const { start, end, presence, reason } of stretches) {
    if (presence === 'absent') absences.push({ start, end, reason: reason ?? 'not in the dump' });
    else spans.push({ start, end, presence });
  }
  return { spans, absences };
}

/** Ascending, disjoint, neighbours joined. */
function joined(spans: readonly ByteSpan[]): ByteSpan[] {
  const result: { start: number; end: number }[] = [];
  for (const { start, end } of [...spans].sort((a, b) => a.start - b.start)) {
    const last = result.at(-1);
    if (last !== undefined && start <= last.end) last.end = Math.max(last.end, end);
    else if (end > start) result.push({ start, end });
  }
  return result;
}

/** The image's stretches cut to the spans; what lies past the last of them is absent. */
function* cut(image: MemoryImage, spans: readonly ByteSpan[]): Generator<Stretch, void> {
  const stretches = new Ascending(image);
  for (const span of spans) {
    for (let at = span.start; at < span.end; ) {
      const stretch = stretches.at(at);
      const end = Math.min(span.end, stretch?.end ?? span.end);
      // Of a hole the stretch knows the reason of its first byte only.
      const isKnown = stretch !== undefined && stretch.isHole !== true;
      yield isKnown ? { ...stretch, start: at, end } : { start: at, end, presence: 'absent', reason: image.whyAbsent(machineAddress(at)) };
      at = end;
    }
  }
}

/** The image's stretches, asked for in ascending order. */
class Ascending {
  readonly #stretches: Generator<Stretch, void>;
  #current: Stretch | undefined;

  constructor(image: MemoryImage) {
    this.#stretches = stretchesOf(image);
    this.#current = this.#next();
  }

  /** Undefined past the last. */
  at(address: number): Stretch | undefined {
    while (this.#current !== undefined && this.#current.end <= address) this.#current = this.#next();
    return this.#current;
  }

  #next(): Stretch | undefined {
    const { done, value } = this.#stretches.next();
    return done === true ? undefined : (value ?? undefined);
  }
}

export const frameSpan = (firstFrame: number, frames: number): ByteSpan => ({
  start: firstFrame * FRAME_BYTES,
  end: (firstFrame + frames) * FRAME_BYTES,
});

export const bytesIn = (spans: readonly ByteSpan[]): number => spans.reduce((sum, { start, end }) => sum + end - start, 0);
