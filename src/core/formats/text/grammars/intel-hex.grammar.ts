import { hex } from '#core/base/hex.ts';
import type { Grammar, LineReader } from '#core/formats/text/grammar.ts';
import type { SourceLine } from '#core/formats/text/lines.ts';
import type { TextReading } from '#core/formats/text/reading.ts';
import { bigEndian, recordBytes, recordPlaces, sumOf } from '#core/formats/text/record-bytes.ts';

/** Intel HEX: `:10` length, address, type, bytes, checksum (dump-formats 9.7). Addresses are machine addresses, up to 4 GiB. */
const intelHex: Grammar = { id: 'intel-hex', label: 'Intel HEX', order: 70, begin: (reading) => new IntelHexReader(reading) };
export default intelHex;

/** Length, address, type and checksum make 5 bytes, data up to 255. */
const RECORD = /^ *:([0-9a-f]{10,520}) *$/i;
const SEGMENT = 0x1_0000;
const FOUR_GIB = 2 ** 32;

const DATA = 0;
const END = 1;
const SEGMENT_BASE = 2;
const LINEAR_BASE = 4;

class IntelHexReader implements LineReader {
  readonly #reading: TextReading;
  #base = 0;
  /** Bases of type 2: offsets wrap within 64 KiB, and the base stays. */
  #segmented = false;

  constructor(reading: TextReading) {
    this.#reading = reading;
  }

  read(line: SourceLine): boolean {
    const digits = RECORD.exec(line.text)?.[1];
    if (digits === undefined) return false;
    const bytes = recordBytes(digits);
    const fault = faultOf(digits, bytes);
    if (fault === undefined) this.#record(line, bytes);
    else this.#reading.malformed(line, fault);
    return true;
  }

  #record(line: SourceLine, bytes: readonly number[]): void {
    const type = bytes[3];
    const body = bytes.slice(4, -1);
    if (type === DATA) this.#data(line, bigEndian(bytes.slice(1, 3)), body);
    else if (type === END) this.#setBase(0, false);
    else if (type === SEGMENT_BASE) this.#setBase(bigEndian(body.slice(0, 2)) * 16, true);
    else if (type === LINEAR_BASE) this.#setBase(bigEndian(body.slice(0, 2)) * SEGMENT, false);
  }

  #setBase(base: number, segmented: boolean): void {
    this.#base = base;
    this.#segmented = segmented;
  }

  #data(line: SourceLine, offset: number, body: readonly number[]): void {
    const room = this.#segmented ? SEGMENT - offset : FOUR_GIB - this.#base - offset;
    const at = line.text.indexOf(':') + 9;
    this.#store(line, this.#base + offset, body.slice(0, room), at);
    this.#store(line, this.#segmented ? this.#base : 0, body.slice(room), at + room * 2);
  }

  #store(line: SourceLine, address: number, low: readonly number[], at: number): void {
    if (low.length === 0) return;
    const place = { space: 'machine', page: Math.floor(address / 4096), offset: address % 4096 } as const;
    const high = low.map(() => 0);
    this.#reading.bytes(place, { line: line.number, low, high, at: recordPlaces(low.length, line.start + at), chars: 2 });
  }
}

/** The sum of all bytes, checksum included, is 0 modulo 256. */
function faultOf(digits: string, bytes: readonly number[]): string | undefined {
  const length = bytes[0] ?? 0;
  if (digits.length !== (length + 5) * 2) return `it has ${digits.length} digits where its length of ${length} bytes asks for ${(length + 5) * 2}`;
  const sum = sumOf(bytes) % 256;
  const given = bytes.at(-1) ?? 0;
  return sum === 0 ? undefined : `its checksum is ${hex(given, 2)}, and its bytes ask for ${hex((given + 256 - sum) % 256, 2)}`;
}
