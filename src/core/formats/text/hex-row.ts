/** Rows as gdb, QEMU and the e-mail's xenctrl print them: an address, a colon, words with 0x. Several may stand on one line. */

/** Words after one address, and where each stands. */
export interface HexRow {
  /** 1 to 16 digits; undefined for words that go on with the row of the line before. */
  readonly address: string | undefined;
  /** Index in the line of the row's first character. */
  readonly start: number;
  readonly low: number[];
  readonly high: number[];
  /** Index in the line of each word's 0x. */
  readonly at: number[];
  /** Digits of each word; 0 while there is none, -1 where they differ. */
  digits: number;
  /** What stood in place of words. */
  says: 'words' | 'zeros' | 'unreadable';
  /** A token that should have been a word. */
  bad: string | undefined;
}

export interface HexLine {
  readonly rows: readonly HexRow[];
  /** "…": rows were left out before the row of this index, or after the last. */
  readonly gaps: readonly number[];
  /** What follows that is no row. */
  readonly rest: string;
}

/** How an address is written: `0x…:` by gdb and xenctrl, bare digits by QEMU. */
export type AddressStyle = 'prefixed' | 'bare';

const TOKEN = /[^\s:]+:?|:/y;
const PREFIXED = /^0x([0-9a-f]{1,16}):?$/i;
const BARE = /^([0-9a-f]{8}|[0-9a-f]{16}):$/i;
const ZEROS = '-- page of zeros --';
/** What ends an address: a colon, maybe after a symbol, which may hold brackets and colons of its own (`<a<b>::c+8>:`). */
const COLON = / *(?:<.{1,512}?> *)?:(?= |$)/y;

/** Reads the rows at the beginning of a line; undefined if it does not begin like one. Linear in the line. */
export function readHexLine(text: string, style: AddressStyle): HexLine | undefined {
  return new Scanner(text, style).scan();
}

class Scanner {
  readonly #rows: HexRow[] = [];
  readonly #gaps: number[] = [];
  #at = 0;

  constructor(
    readonly text: string,
    readonly style: AddressStyle,
  ) {}

  scan(): HexLine | undefined {
    while (this.#step());
    if (this.#rows.length === 0 && this.#gaps.length === 0) return undefined;
    return { rows: this.#rows, gaps: this.#gaps, rest: this.text.slice(this.#at).trim() };
  }

  /** Takes one token; false where the rows end. */
  #step(): boolean {
    this.#skipBlanks();
    TOKEN.lastIndex = this.#at;
    const token = TOKEN.exec(this.text)?.[0];
    if (token === undefined) return false;
    return this.#word(token) || this.#address(token) || this.#gap(token) || this.#instead(token) || this.#malformed(token);
  }

  #skipBlanks(): void {
    while (this.text.charCodeAt(this.#at) === 0x20) this.#at++;
  }

  #word(token: string): boolean {
    const digits = PREFIXED.exec(token)?.[1];
    if (digits === undefined || this.#addressEnd(token) > 0) return false;
    const row = this.#rows.at(-1) ?? this.#open(undefined);
    row.low.push(Number.parseInt(digits.slice(-8), 16));
    row.high.push(digits.length > 8 ? Number.parseInt(digits.slice(0, -8), 16) : 0);
    row.at.push(this.#at);
    row.digits = row.digits === 0 || row.digits === digits.length ? digits.length : -1;
    this.#at += token.length;
    return true;
  }

  #address(token: string): boolean {
    const digits = (this.style === 'bare' ? BARE : PREFIXED).exec(token)?.[1];
    const end = digits === undefined ? 0 : this.#addressEnd(token);
    if (digits === undefined || end === 0) return false;
    this.#open(digits);
    this.#at = end;
    return true;
  }

  /** Index after the colon of an address, past ` <symbol+8>` and what colours leave; 0 if the token is no address. */
  #addressEnd(token: string): number {
    const after = this.#at + token.length;
    if (token.endsWith(':')) return after;
    COLON.lastIndex = after;
    return this.style === 'prefixed' && COLON.test(this.text) ? COLON.lastIndex : 0;
  }

  #open(address: string | undefined): HexRow {
    const row: HexRow = { address, start: this.#at, low: [], high: [], at: [], digits: 0, says: 'words', bad: undefined };
    this.#rows.push(row);
    return row;
  }

  #gap(token: string): boolean {
    if (!/^\.{3,}$/.test(token)) return false;
    this.#gaps.push(this.#rows.length);
    this.#at += token.length;
    return true;
  }

  /** "-- page of zeros --" and "Cannot access memory" stand where words would. */
  #instead(token: string): boolean {
    const row = this.#rows.at(-1);
    if (row === undefined || row.low.length > 0) return false;
    if (token === '--' && this.text.startsWith(ZEROS, this.#at)) {
      row.says = 'zeros';
      this.#at += ZEROS.length;
      return true;
    }
    if (token === 'Cannot' && this.text.startsWith('Cannot access memory', this.#at)) {
      row.says = 'unreadable';
      this.#at = this.text.length;
    }
    return false;
  }

  /** A token that begins like a word within a row spoils the row; anything else ends the rows. */
  #malformed(token: string): boolean {
    const row = this.#rows.at(-1);
    if (row === undefined || row.says !== 'words' || !/^0x/i.test(token)) return false;
    row.bad = token;
    this.#at += token.length;
    return true;
  }
}
