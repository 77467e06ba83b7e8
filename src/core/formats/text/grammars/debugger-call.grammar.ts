import type { TextPlace } from '#core/formats/text/annotation.ts';
import type { Grammar, LineReader } from '#core/formats/text/grammar.ts';
import type { SourceLine } from '#core/formats/text/lines.ts';
import { placeOfDigits, type TextReading } from '#core/formats/text/reading.ts';

/** What gdb was told to do to memory (`call bcopy(…)`, `call bzero(…)`) and the values it, or crash's `p` and `px`, printed (`$26 = 0xfde00000`). */
const debuggerCall: Grammar = { id: 'debugger-call', label: 'gdb’s calls and values', order: 11, begin: (reading) => new CallReader(reading) };
export default debuggerCall;

const CALL = /^ *(?:call|p|print|output|set var)(?:\/\w{1,8})? +(?:\([^()]{1,40}\) *)?(bcopy|memcpy|memmove|bzero|memset) *\(([^()]{0,200})\)/;
const VALUE = /^ *\$(\d{1,9}) = (.{1,200})/;
const NUMBER = /^(?:\([^()]{1,40}\) *)?(0x[0-9a-f]{1,16}|\d{1,15})[uUlL]{0,3}$/i;
/** What gdb, or who pasted it, says when a call did not end. */
const FAILURE = /<?\bh(?:a|u)ng|\^C|\bQuit\b|\bsignal\b|\bCannot\b|\berror\b|No symbol|timed? ?out/i;
/** Longer copies are not followed: nobody prints so much. */
const LONGEST = 16 * 1024 * 1024;

/** So that a text made of copies alone costs no more than its length. */
const MOST_COPIES = 64;

interface Call {
  readonly line: number;
  readonly by: string;
  readonly to: TextPlace;
  /** Undefined for a fill with zeros. */
  readonly from: TextPlace | undefined;
  readonly length: number;
}

class CallReader implements LineReader {
  readonly #reading: TextReading;
  #call: Call | undefined;
  #question: string | undefined;

  constructor(reading: TextReading) {
    this.#reading = reading;
  }

  read(line: SourceLine): boolean {
    const value = line.prompt === undefined || line.prompt === 'gdb' ? VALUE.exec(line.text) : null;
    // A call that ends prints its value, or, if it has none, the next prompt. Between may stand the rest of a wrapped command, but no blank line.
    if (value !== null || line.prompt === 'gdb' || line.prompt === 'crash') this.#settle(true);
    else if (this.#call !== undefined && (line.text.trim() === '' || FAILURE.test(line.text))) this.#settle(false);
    if (value !== null) return this.#value(line, value[1] ?? '', value[2] ?? '');
    if (line.prompt === 'gdb' || line.prompt === 'crash') {
      this.#question = line.text.trim();
      this.#call = callIn(line);
    }
    return false;
  }

  #value(line: SourceLine, name: string, value: string): boolean {
    const question = this.#question;
    const told = { kind: 'value', line: line.number, name: `$${name}`, value: value.trim() } as const;
    this.#reading.annotate(question === undefined || question === '' ? told : { ...told, question });
    this.#question = undefined;
    return true;
  }

  #settle(returned: boolean): void {
    const call = this.#call;
    this.#call = undefined;
    if (call === undefined) return;
    const { from, ...rest } = call;
    if (from === undefined) this.#reading.annotate({ kind: 'clear', ...rest, returned });
    else this.#reading.annotate({ kind: 'copy', ...rest, from, returned });
    if (returned) this.#effect(call);
  }

  #effect({ to, from, length, line, by }: Call): void {
    if (length > LONGEST || this.#reading.copies.length >= MOST_COPIES) return;
    if (from === undefined) this.#reading.changed(to, length, line, { presence: 'assumed-zero' });
    else {
      this.#reading.changed(to, length, line, { presence: 'absent', reason: `overwritten by ${by} (line ${line}), and not printed since` });
      this.#reading.copies.push({ from, to, length, line, by, order: this.#reading.rows.length });
    }
  }
}

function callIn(line: SourceLine): Call | undefined {
  const found = CALL.exec(line.text);
  const args = found?.[2]?.split(',').map((arg) => NUMBER.exec(arg.trim())?.[1]);
  return found === null || args === undefined ? undefined : callOf(found[1] ?? '', args, line.number);
}

function callOf(by: string, args: readonly (string | undefined)[], line: number): Call | undefined {
  const [a, b, c] = args;
  if (by === 'bzero') return a === undefined || b === undefined ? undefined : { by, line, to: place(a), from: undefined, length: Number(b) };
  if (a === undefined || b === undefined || c === undefined) return undefined;
  if (by === 'memset') return Number(b) === 0 ? { by, line, to: place(a), from: undefined, length: Number(c) } : undefined;
  // bcopy(from, to, length), but memcpy(to, from, length).
  return by === 'bcopy'
    ? { by, line, from: place(a), to: place(b), length: Number(c) }
    : { by, line, from: place(b), to: place(a), length: Number(c) };
}

const place = (number: string): TextPlace => placeOfDigits(number.startsWith('0x') ? number.slice(2) : Number(number).toString(16));
