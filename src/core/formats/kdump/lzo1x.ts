/**
 * LZO1X, of which no library for browsers is kept: written from the description of the stream in the kernel's
 * Documentation/staging/lzo.rst. Undefined where the input is damaged; never writes past `bytes`.
 * @param bytes What it must give, exactly.
 */
export function unlzo1x(input: Uint8Array, bytes: number): Uint8Array | undefined {
  const stream = new Lzo(input, bytes);
  return stream.run() && stream.isWhole ? stream.output : undefined;
}

/** After a run of 4 or more literals; below, the state is how many literals were copied behind the last match. */
const AFTER_RUN = 4;
/** Instructions of 1 LLL xxxx: distances beyond this are of 16 KiB and up; at 16 KiB itself the stream ends. */
const FAR = 16_384;
/** Distance of the instruction that follows a run of literals and has no length of its own. */
const AFTER_RUN_DISTANCE = 2049;

class Lzo {
  readonly output: Uint8Array;
  readonly #input: Uint8Array;
  #in = 0;
  #out = 0;
  #state = 0;
  #failed = false;
  #ended = false;

  constructor(input: Uint8Array, bytes: number) {
    this.#input = input;
    this.output = new Uint8Array(bytes);
  }

  get isWhole(): boolean {
    return this.#ended && this.#out === this.output.length;
  }

  /** False where the stream is damaged. */
  run(): boolean {
    this.#first();
    while (!this.#failed && !this.#ended) this.#step(this.#byte());
    return !this.#failed;
  }

  /** The first byte may stand for literals alone. */
  #first(): void {
    const first = this.#input[0] ?? 0;
    if (first <= 17) return;
    this.#in = 1;
    this.#literals(first - 17);
    this.#state = Math.min(first - 17, AFTER_RUN);
  }

  #step(code: number): void {
    if (code >= 64) this.#near(code);
    else if (code >= 32) this.#middle(code);
    else if (code >= 16) this.#far(code);
    else if (this.#state === 0) this.#longLiterals(code);
    else this.#short(code);
  }

  /** 01 L DDD SS and 1 LL DDD SS: 3 to 8 bytes from within 2 KiB. */
  #near(code: number): void {
    const distance = this.#byte() * 8 + ((code >> 2) & 7) + 1;
    this.#match(distance, (code >> 5) + 1, code & 3);
  }

  /** 001 LLLLL, then 16 bits of distance and literals: from within 16 KiB. */
  #middle(code: number): void {
    const length = this.#length(code & 31, 31) + 2;
    const word = this.#word();
    this.#match((word >> 2) + 1, length, word & 3);
  }

  /** 0001 H LLL: from 16 to 48 KiB back, or the end. */
  #far(code: number): void {
    const length = this.#length(code & 7, 7) + 2;
    const word = this.#word();
    const distance = FAR + ((code & 8) << 11) + (word >> 2);
    if (distance === FAR) this.#ended = true;
    else this.#match(distance, length, word & 3);
  }

  #longLiterals(code: number): void {
    this.#literals(this.#length(code, 15) + 3);
    this.#state = AFTER_RUN;
  }

  /** 0000 DD SS: 2 bytes from within 1 KiB, or 3 from right beyond 2 KiB behind a run of literals. */
  #short(code: number): void {
    const near = this.#byte() * 4 + (code >> 2);
    if (this.#state === AFTER_RUN) this.#match(near + AFTER_RUN_DISTANCE, 3, code & 3);
    else this.#match(near + 1, 2, code & 3);
  }

  /** 0 in the code's own bits: zero bytes that stand for 255 each, and one that ends them. */
  #length(bits: number, most: number): number {
    if (bits > 0) return bits;
    let length = most;
    for (let byte = this.#byte(); ; byte = this.#byte()) {
      if (byte > 0 || this.#failed) return length + byte;
      length += 255;
    }
  }

  #match(distance: number, length: number, literals: number): void {
    if (distance > this.#out || this.#out + length > this.output.length) {
      this.#failed = true;
      return;
    }
    repeat(this.output, this.#out, distance, length);
    this.#out += length;
    this.#literals(literals);
    this.#state = literals;
  }

  #literals(count: number): void {
    if (this.#in + count > this.#input.length || this.#out + count > this.output.length) {
      this.#failed = true;
      return;
    }
    this.output.set(this.#input.subarray(this.#in, this.#in + count), this.#out);
    this.#in += count;
    this.#out += count;
  }

  #word(): number {
    const low = this.#byte();
    return low + this.#byte() * 256;
  }

  #byte(): number {
    const byte = this.#input[this.#in++];
    if (byte === undefined) this.#failed = true;
    return byte ?? 0;
  }
}

/** Copies from `distance` bytes back, byte by byte: a match may reach into what it writes. */
function repeat(bytes: Uint8Array, at: number, distance: number, length: number): void {
  const end = at + length;
  if (distance === 1) bytes.fill(bytes[at - 1] ?? 0, at, end);
  else for (let to = at; to < end; to++) bytes[to] = bytes[to - distance] ?? 0;
}
