import { commas, hex } from '#core/base/hex.ts';
import type { Grammar, LineReader } from '#core/formats/text/grammar.ts';
import type { SourceLine } from '#core/formats/text/lines.ts';
import type { TextReading } from '#core/formats/text/reading.ts';
import { bigEndian, recordBytes, recordPlaces, sumOf } from '#core/formats/text/record-bytes.ts';

/** Motorola S-records: `S3`, count, address, bytes, checksum (dump-formats 9.7; srec_motorola(5)). Addresses are machine addresses. */
const sRecord: Grammar = { id: 's-record', label: 'S-records', order: 80, begin: (reading) => new SRecordReader(reading) };
export default sRecord;

const RECORD = /^ *S([0-9])([0-9a-f]{6,512}) *$/i;

/** Bytes of the address of each type of record; S1, S2 and S3 hold data, S5 and S6 a count of those before. */
const ADDRESS_BYTES: Readonly<Record<string, number>> = { 0: 2, 1: 2, 2: 3, 3: 4, 5: 2, 6: 3, 7: 4, 8: 3, 9: 2 };

class SRecordReader implements LineReader {
  readonly #reading: TextReading;
  #records = 0;

  constructor(reading: TextReading) {
    this.#reading = reading;
  }

  read(line: SourceLine): boolean {
    const [, type = '', digits = ''] = RECORD.exec(line.text) ?? [];
    const width = ADDRESS_BYTES[type];
    if (width === undefined) return false;
    const bytes = recordBytes(digits);
    const fault = faultOf(digits, bytes, width);
    if ('123'.includes(type)) this.#records++;
    if (fault !== undefined) this.#reading.malformed(line, fault);
    else if ('123'.includes(type)) this.#data(line, bigEndian(bytes.slice(1, 1 + width)), bytes.slice(1 + width, -1), 4 + width * 2);
    else if ('56'.includes(type)) this.#count(line, bigEndian(bytes.slice(1, 1 + width)), 256 ** width);
    return true;
  }

  #data(line: SourceLine, address: number, low: readonly number[], at: number): void {
    if (low.length === 0) return;
    const first = line.start + line.text.search(/S/i) + at;
    const place = { space: 'machine', page: Math.floor(address / 4096), offset: address % 4096 } as const;
    this.#reading.bytes(place, { line: line.number, low, high: low.map(() => 0), at: recordPlaces(low.length, first), chars: 2 });
  }

  #count(line: SourceLine, count: number, modulus: number): void {
    if (this.#records % modulus !== count)
      this.#reading.problem(
        's-record-count',
        'loss',
        `Line ${commas(line.number)} says that ${commas(count)} records of data came before it; there are ${commas(this.#records)}.`,
        line.start,
      );
  }
}

/** The count is of the bytes after it; the sum of all bytes, checksum included, is ff modulo 256. */
function faultOf(digits: string, bytes: readonly number[], addressBytes: number): string | undefined {
  const count = bytes[0] ?? 0;
  if (digits.length !== (count + 1) * 2 || count < addressBytes + 1)
    return `it has ${digits.length} digits where its count of ${count} bytes asks for ${(count + 1) * 2}`;
  const given = bytes.at(-1) ?? 0;
  const due = 255 - ((sumOf(bytes) - given) % 256);
  return given === due ? undefined : `its checksum is ${hex(given, 2)}, and its bytes ask for ${hex(due, 2)}`;
}
