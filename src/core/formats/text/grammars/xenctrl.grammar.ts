import type { Grammar, LineReader } from '#core/formats/text/grammar.ts';
import { type HexLine, type HexRow, readHexLine } from '#core/formats/text/hex-row.ts';
import type { SourceLine } from '#core/formats/text/lines.ts';
import type { TextReading } from '#core/formats/text/reading.ts';
import { XenctrlBlock, type XenctrlCommand } from '#core/formats/text/xenctrl-block.ts';

/**
 * The home-made tool of the e-mail: `./xenctrl 4 -l3 0xfb153 dump64 0xc03af000 0x4000`, then rows of 32 bytes, several of them perhaps
 * on one line, "-- page of zeros --", and "..." for rows left out.
 */
const xenctrl: Grammar = { id: 'xenctrl', label: 'xenctrl’s dump', order: 20, begin: (reading) => new XenctrlReader(reading) };
export default xenctrl;

const COMMAND =
  /^ *\S{0,80}xenctrl +(\d{1,9})(?: +-l(\d) +(0x[0-9a-f]{1,13}))?(?: +(dump(?:64)?)(-mfn)? +(0x[0-9a-f]{1,16})(?: +(0x[0-9a-f]{1,12}|\d{1,9}))?)?/i;
const FAILED = /^ *Error: +(?:Couldn't|Could not|Cannot) +map +mfn +(?:0x)?([0-9a-f]{1,16})/i;
/** Lines of prose after which a dump that no prompt closed has ended. */
const PROSE_LINES = 3;

class XenctrlReader implements LineReader {
  readonly #reading: TextReading;
  #block: XenctrlBlock | undefined;
  #lastLine = 0;

  constructor(reading: TextReading) {
    this.#reading = reading;
  }

  read(line: SourceLine): boolean {
    return this.#command(line) || this.#failure(line) || this.#rows(line);
  }

  close(): void {
    const block = this.#block;
    this.#block = undefined;
    block?.finish();
  }

  #command(line: SourceLine): boolean {
    const found = COMMAND.exec(line.text);
    if (found === null) return false;
    this.close();
    const [, domain = '', level, frame, word, mfn, start, length] = found;
    if (level !== undefined && frame !== undefined)
      this.#reading.namedRoots.push({ frame: Number.parseInt(frame, 16), line: line.number, origin: `xenctrl -l${level}, domain ${domain}` });
    const command: XenctrlCommand = {
      word: word?.endsWith('64') ? 8 : 4,
      machine: mfn !== undefined,
      start: start?.slice(2),
      length: length === undefined ? undefined : Number(length),
    };
    if (word !== undefined) this.#block = new XenctrlBlock(this.#reading, command);
    this.#lastLine = line.number;
    return true;
  }

  #failure(line: SourceLine): boolean {
    const digits = FAILED.exec(line.text)?.[1];
    if (digits === undefined) return false;
    this.#reading.annotate({ kind: 'unreadable', line: line.number, space: 'machine', digits, text: line.text.trim() });
    this.close();
    return true;
  }

  #rows(line: SourceLine): boolean {
    if (this.#block !== undefined && line.number - this.#lastLine > PROSE_LINES) this.close();
    const found = readHexLine(line.text, 'prefixed');
    if (found === undefined || !this.#isOurs(line, found)) return false;
    this.#block ??= new XenctrlBlock(this.#reading, undefined);
    this.#block.add(line, found);
    this.#lastLine = line.number;
    return true;
  }

  /** After a command all rows are; without one, those that no other tool prints. Gaps and wrapped words need a row before them. */
  #isOurs(line: SourceLine, { rows, gaps, rest }: HexLine): boolean {
    const first = rows[0];
    if (first === undefined) return gaps.length > 0 && rest === '' && this.#block !== undefined;
    if (first.address === undefined) return this.#block?.wraps(line, first, rest) === true;
    if (rows.every(isEmpty) && rest !== '') return false;
    return this.#block !== undefined || rows.some(isUnmistakable);
  }
}

const isEmpty = (row: HexRow): boolean => row.says === 'words' && row.low.length === 0 && row.bad === undefined;

/** 9 to 15 digits: more than a word of 4 bytes has, fewer than gdb prints for 8. */
const isUnmistakable = ({ says, digits }: HexRow): boolean => says === 'zeros' || (digits > 8 && digits < 16);
