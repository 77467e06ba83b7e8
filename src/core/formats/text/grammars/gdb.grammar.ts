import type { Grammar, LineReader } from '#core/formats/text/grammar.ts';
import { type HexRow, readHexLine } from '#core/formats/text/hex-row.ts';
import type { SourceLine } from '#core/formats/text/lines.ts';
import { OpenRow } from '#core/formats/text/open-row.ts';
import type { TextReading, TextSpace } from '#core/formats/text/reading.ts';

/** gdb's `x/NFU`: `0xc0511000 <boot_pgd>:  0x00000000005120e3  0x…`, 16 bytes a row, digits twice the word's bytes. */
const gdb: Grammar = { id: 'gdb', label: 'gdb’s x', order: 30, begin: (reading) => new GdbReader(reading) };
export default gdb;

/** QEMU's gdb server reads physical memory after this packet says 1. */
const PHYSICAL_MODE = /Qqemu\.PhyMemMode:([01])/;
/** Only `x/d`, `x/u` and their like print bare decimals. */
const DECIMALS = /^-?\d+(?: +-?\d+)*$/;

class GdbReader implements LineReader {
  readonly #reading: TextReading;
  readonly #open: OpenRow;
  #space: TextSpace = 'virtual';

  constructor(reading: TextReading) {
    this.#reading = reading;
    this.#open = new OpenRow(reading, 16);
  }

  read(line: SourceLine): boolean {
    const mode = PHYSICAL_MODE.exec(line.text)?.[1];
    if (mode !== undefined) this.#space = mode === '1' ? 'machine' : 'virtual';
    const found = readHexLine(line.text, 'prefixed');
    const first = found?.rows[0];
    if (found === undefined || first === undefined) return false;
    if (first.address === undefined) return this.#open.goOn(line, found);
    if (found.rows.length === 1 && isProse(first, found.rest)) return this.#tellDecimals(line, found.rest);
    for (const row of found.rows) this.#row(line, row);
    return true;
  }

  close(): void {
    this.#open.close();
  }

  #row(line: SourceLine, row: HexRow): void {
    const { address } = row;
    if (address === undefined) return;
    if (row.says === 'unreadable') {
      const text = `gdb: cannot access memory at 0x${address}`;
      this.#reading.annotate({ kind: 'unreadable', line: line.number, space: this.#space, digits: address, text });
    } else this.#open.begin(line, row, this.#space);
  }

  #tellDecimals(line: SourceLine, rest: string): boolean {
    if (!DECIMALS.test(rest)) return false;
    this.#reading.malformed(line, 'its values are decimal (print them with x/x)');
    return true;
  }
}

/** "0xc03b2000: the page directory": an address in a sentence. */
const isProse = (row: HexRow, rest: string): boolean => row.says === 'words' && row.low.length === 0 && row.bad === undefined && rest !== '';
