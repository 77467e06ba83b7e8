/** Places in memory and what stands there, in columns. */
export class PlaceColumns {
  #places = new Float64Array(256);
  #values = new Float64Array(256);
  readonly #most: number;
  count = 0;

  /** @param most What comes beyond is left out. */
  constructor(most: number) {
    this.#most = most;
  }

  add(place: number, value: number): void {
    if (this.count === this.#most) return;
    if (this.count === this.#places.length) this.#grow();
    this.#places[this.count] = place;
    this.#values[this.count++] = value;
  }

  /** Ascending where they were added so. */
  get places(): Float64Array {
    return this.#places.subarray(0, this.count);
  }

  /** The same, ascending by place. */
  sorted(): PlaceColumns {
    const order = Uint32Array.from({ length: this.count }, (_, i) => i).sort((a, b) => this.place(a) - this.place(b));
    const sorted = new PlaceColumns(this.#most);
    for (const at of order) sorted.add(this.place(at), this.value(at));
    return sorted;
  }

  place(at: number): number {
    return this.#places[at] ?? 0;
  }

  value(at: number): number {
    return this.#values[at] ?? 0;
  }

  #grow(): void {
    const [places, values] = [this.#places, this.#values];
    this.#places = new Float64Array(this.count * 2);
    this.#values = new Float64Array(this.count * 2);
    this.#places.set(places);
    this.#values.set(values);
  }
}
