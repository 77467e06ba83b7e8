import { LiteralsAndMatches } from '#core/formats/wrappers/literals-and-matches.ts';

/**
 * LZO1X, of which no library for browsers is kept: written from the description of the stream in the kernel's
 * Documentation/staging/lzo.rst. Undefined where the input is damaged; never writes past `bytes`.
 * @param bytes What it must give, exactly.
 */
export function unlzo1x(input: Uint8Array, bytes: number): Uint8Array | undefined {
  return new Lzo(input, bytes).run();
}

/** After a run of 4 or more literals; below, the state is how many literals were copied behind the last match. */
const AFTER_RUN = 4;
/** A first byte above it is no code. */
const MOST_FIRST_CODE = 17;
/** Instructions of 1 LLL xxxx: distances beyond this are of 16 KiB and up; at 16 KiB itself the stream ends. */
const FAR = 16_384;
/** Distance of the instruction that follows a run of literals and has no length of its own. */
const AFTER_RUN_DISTANCE = 2049;

class Lzo {
  readonly #block: LiteralsAndMatches;
  #state = 0;
  #ended = false;

  constructor(input: Uint8Array, bytes: number) {
    // The first byte may stand for literals alone.
    const alone = Math.max(0, (input[0] ?? 0) - MOST_FIRST_CODE);
    this.#block = new LiteralsAndMatches(input, bytes, alone > 0 ? 1 : 0);
    this.#block.literals(alone);
    this.#state = Math.min(alone, AFTER_RUN);
  }

  /** Undefined where the stream is damaged. */
  run(): Uint8Array | undefined {
    const block = this.#block;
    while (!block.failed && !this.#ended) this.#step(block.byte());
    return block.isWhole ? block.output : undefined;
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
    const distance = this.#block.byte() * 8 + ((code >> 2) & 7) + 1;
    this.#match(distance, (code >> 5) + 1, code & 3);
  }

  /** 001 LLLLL, then 16 bits of distance and literals: from within 16 KiB. */
  #middle(code: number): void {
    const length = this.#length(code & 31, 31) + 2;
    const word = this.#block.word(2);
    this.#match((word >> 2) + 1, length, word & 3);
  }

  /** 0001 H LLL: from 16 to 48 KiB back, or the end. */
  #far(code: number): void {
    const length = this.#length(code & 7, 7) + 2;
    const word = this.#block.word(2);
    const distance = FAR + ((code & 8) << 11) + (word >> 2);
    if (distance === FAR) this.#ended = true;
    else this.#match(distance, length, word & 3);
  }

  #longLiterals(code: number): void {
    this.#block.literals(this.#length(code, 15) + 3);
    this.#state = AFTER_RUN;
  }

  /** 0000 DD SS: 2 bytes from within 1 KiB, or 3 from right beyond 2 KiB behind a run of literals. */
  #short(code: number): void {
    const near = this.#block.byte() * 4 + (code >> 2);
    if (this.#state === AFTER_RUN) this.#match(near + AFTER_RUN_DISTANCE, 3, code & 3);
    else this.#match(near + 1, 2, code & 3);
  }

  /** 0 in the code's own bits: zero bytes that stand for 255 each, and one that ends them. */
  #length(bits: number, most: number): number {
    if (bits > 0) return bits;
    let length = most;
    for (let byte = this.#block.byte(); ; byte = this.#block.byte()) {
      if (byte > 0 || this.#block.failed) return length + byte;
      length += 255;
    }
  }

  #match(distance: number, length: number, literals: number): void {
    this.#block.match(distance, length);
    this.#block.literals(literals);
    this.#state = literals;
  }
}
