import type { Grammar, LineReader } from '#core/formats/text/grammar.ts';
import { type HexRow, readHexLine } from '#core/formats/text/hex-row.ts';
import type { SourceLine } from '#core/formats/text/lines.ts';
import { OpenRow } from '#core/formats/text/open-row.ts';
import type { TextReading, TextSpace } from '#core/formats/text/reading.ts';
import { SpaceGuess } from '#core/formats/text/space-guess.ts';

/** The QEMU monitor's `x` (virtual) and `xp` (physical): `0000000001205000: 0x0000000001206067 0x8000000001207063`. */
const qemu: Grammar = { id: 'qemu', label: 'QEMU’s x and xp', order: 40, begin: (reading) => new QemuReader(reading) };
export default qemu;

/** The last command on the line: a monitor that is scripted echoes each key anew. Also through gdb's `monitor`. */
const COMMAND = /\b(xp?) *\/ *\d*[a-z]* +\S/g;

class QemuReader implements LineReader {
  readonly #reading: TextReading;
  readonly #open: OpenRow;
  #space: TextSpace | undefined;
  readonly #guess: SpaceGuess;

  constructor(reading: TextReading) {
    this.#reading = reading;
    this.#guess = new SpaceGuess(reading, "QEMU's rows stand without their x or xp command");
    this.#open = new OpenRow(reading, 16);
  }

  read(line: SourceLine): boolean {
    if (line.prompt === 'qemu' || (line.prompt === 'gdb' && /^ *mon/.test(line.text))) this.#command(line.text);
    const found = readHexLine(line.text, 'bare');
    const first = found?.rows[0];
    if (found === undefined || first === undefined) return false;
    if (first.address === undefined) return this.#open.goOn(line, found);
    if (first.says === 'words' && first.low.length === 0 && (found.rest !== '' || first.bad === undefined)) return false;
    for (const row of found.rows) this.#row(line, row);
    return true;
  }

  close(): void {
    this.#open.close();
  }

  #command(text: string): void {
    const last = [...text.slice(0, 4096).matchAll(COMMAND)].at(-1)?.[1];
    if (last !== undefined) this.#space = last === 'xp' ? 'machine' : 'virtual';
  }

  #row(line: SourceLine, row: HexRow): void {
    const { address } = row;
    if (address === undefined) return;
    const space = this.#space ?? this.#guess.take(line, spaceByDigits(address));
    if (row.says === 'unreadable')
      this.#reading.annotate({ kind: 'unreadable', line: line.number, space, digits: address, text: `QEMU: cannot access memory at ${address}` });
    else this.#open.begin(line, row, space);
  }
}

/** xp always prints 16 digits; x prints 8 in qemu-system-i386. An address that is no physical one must be virtual. */
const spaceByDigits = (address: string): TextSpace => (address.length === 16 && address.startsWith('0000') ? 'machine' : 'virtual');
