import type { OpenedDump } from '#core/formats/format.ts';

/** What a dump's own text says of frames: which page each was printed as, and its notes. Empty where the dump is no text, but for notes of a format. */
export class TextPlaces {
  /** Page at which each frame was printed, first. */
  readonly pageOf: ReadonlyMap<number, number>;
  readonly #frameOf: ReadonlyMap<number, number>;
  readonly #notes: ReadonlyMap<number, string>;
  readonly #dump: OpenedDump;

  constructor(dump: OpenedDump) {
    const placed = dump.text?.placements.flatMap(({ page, frame }) => (frame === undefined ? [] : [{ page, frame }])) ?? [];
    this.#dump = dump;
    this.pageOf = new Map(placed.map(({ page, frame }) => [frame, page] as const).reverse());
    this.#frameOf = new Map(placed.map(({ page, frame }) => [page, frame] as const));
    this.#notes = new Map(dump.text?.notes.map(({ frame, note }) => [frame, note]));
  }

  /** Frame that a printed page was taken to be. */
  frameOf(page: number): number | undefined {
    return this.#frameOf.get(page);
  }

  noteOf(frame: number): string | undefined {
    return this.#notes.get(frame) ?? this.#dump.frameNote?.(frame);
  }
}
