/** Shorter runs are copied byte by byte: a call to copy them costs more than they do. */
const LONG_RUN = 16;
const LONG_MATCH = 32;

/** Copies bytes of the input as they are. Both must have room for them. */
export function copyLiterals(input: Uint8Array, from: number, output: Uint8Array, to: number, length: number): void {
  if (length > LONG_RUN) output.set(input.subarray(from, from + length), to);
  else for (let index = 0; index < length; index++) output[to + index] = input[from + index] ?? 0;
}

/** Copies bytes of the output from `distance` back. A match may run into the bytes it is writing: then they repeat. */
export function copyMatch(output: Uint8Array, to: number, distance: number, length: number): void {
  const from = to - distance;
  if (distance === 1) output.fill(output[from] ?? 0, to, to + length);
  else if (distance >= length && length > LONG_MATCH) output.copyWithin(to, from, from + length);
  else for (let index = 0; index < length; index++) output[to + index] = output[from + index] ?? 0;
}

/** A block of which each part is bytes as they are, or a place in what was written: what decoders of such blocks have in common. */
export class LiteralsAndMatches {
  readonly output: Uint8Array;
  readonly #input: Uint8Array;
  #in: number;
  #out = 0;
  #failed = false;

  /** @param bytes What it must give, exactly. */
  constructor(input: Uint8Array, bytes: number, start = 0) {
    this.#input = input;
    this.#in = start;
    this.output = new Uint8Array(bytes);
  }

  /** It was damaged: it ended early, gave too much, or told of a place before its start. */
  get failed(): boolean {
    return this.#failed;
  }

  get isAtEnd(): boolean {
    return this.#in >= this.#input.length;
  }

  /** Sound so far, and has given all that it must. */
  get isWhole(): boolean {
    return !this.#failed && this.#out === this.output.length;
  }

  byte(): number {
    const byte = this.#input[this.#in++];
    if (byte === undefined) this.#failed = true;
    return byte ?? 0;
  }

  /** Of 1 to 4 bytes, the lowest first. */
  word(bytes: number): number {
    let value = 0;
    for (let i = 0, scale = 1; i < bytes; i++, scale *= 256) value += this.byte() * scale;
    return value;
  }

  literals(count: number): void {
    if (!this.#takes(count, this.#in + count <= this.#input.length)) return;
    copyLiterals(this.#input, this.#in, this.output, this.#out, count);
    this.#in += count;
    this.#out += count;
  }

  match(distance: number, length: number): void {
    if (!this.#takes(length, distance > 0 && distance <= this.#out)) return;
    copyMatch(this.output, this.#out, distance, length);
    this.#out += length;
  }

  #takes(length: number, isSound: boolean): boolean {
    this.#failed ||= !isSound || this.#out + length > this.output.length;
    return !this.#failed;
  }
}
