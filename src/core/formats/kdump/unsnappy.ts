/**
 * A raw snappy block (google/snappy format_description.txt): its length as a varint, then literals and copies of what was written. Our own, since
 * snappyjs gives zeros where a block is cut. Undefined where it is damaged or does not give exactly `bytes` bytes.
 */
export function unsnappy(stored: Uint8Array, bytes: number): Uint8Array | undefined {
  const block = new Snappy(stored, bytes);
  return block.run() ? block.output : undefined;
}

/** Above this a literal's length stands in the 1 to 4 bytes that follow. */
const LONGEST_IN_TAG = 60;

class Snappy {
  readonly output: Uint8Array;
  readonly #input: Uint8Array;
  #in = 0;
  #out = 0;
  #failed = false;

  constructor(input: Uint8Array, bytes: number) {
    this.#input = input;
    this.output = new Uint8Array(bytes);
  }

  /** False where the block is damaged. */
  run(): boolean {
    if (this.#varint() !== this.output.length) return false;
    while (!this.#failed && this.#in < this.#input.length) this.#element(this.#byte());
    return !this.#failed && this.#out === this.output.length;
  }

  /** The tag's low two bits: 0 a literal, else a copy from 11, 16 or 32 bits back. */
  #element(tag: number): void {
    const kind = tag & 3;
    const length = (tag >> 2) + 1;
    if (kind === 0) this.#literal(length > LONGEST_IN_TAG ? this.#word(length - LONGEST_IN_TAG) + 1 : length);
    else if (kind === 1) this.#copy((tag >> 5) * 256 + this.#byte(), ((tag >> 2) & 7) + 4);
    else this.#copy(this.#word(kind === 2 ? 2 : 4), length);
  }

  #literal(length: number): void {
    if (!this.#takes(length, this.#in + length <= this.#input.length)) return;
    this.output.set(this.#input.subarray(this.#in, this.#in + length), this.#out);
    this.#in += length;
    this.#out += length;
  }

  /** Byte by byte: a copy may reach into what it writes. */
  #copy(distance: number, length: number): void {
    if (!this.#takes(length, distance > 0 && distance <= this.#out)) return;
    const { output } = this;
    const end = this.#out + length;
    for (let to = this.#out; to < end; to++) output[to] = output[to - distance] ?? 0;
    this.#out = end;
  }

  #takes(length: number, isSound: boolean): boolean {
    this.#failed ||= !isSound || this.#out + length > this.output.length;
    return !this.#failed;
  }

  #varint(): number {
    let value = 0;
    for (let scale = 1; scale < 2 ** 35; scale *= 128) {
      const byte = this.#byte();
      value += (byte % 128) * scale;
      if (byte < 128) break;
    }
    return value;
  }

  #word(bytes: number): number {
    let value = 0;
    for (let i = 0; i < bytes; i++) value += this.#byte() * 2 ** (8 * i);
    return value;
  }

  #byte(): number {
    const byte = this.#input[this.#in++];
    if (byte === undefined) this.#failed = true;
    return byte ?? 0;
  }
}
