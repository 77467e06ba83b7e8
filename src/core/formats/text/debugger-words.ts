import type { PrintedWords } from './printed-bytes.ts';

/** Words of one row as WinDbg and crash print them: bare digits, WinDbg's with a backtick in the middle of 16. */
export interface DebuggerWords {
  /** Bytes of one word. */
  readonly width: 1 | 2 | 4 | 8;
  readonly words: PrintedWords;
  /** The first token that is no word of this width; undefined at the end of the line. */
  readonly stop: string | undefined;
}

const WORD = /^(?:[0-9a-f]{8}`[0-9a-f]{8}|[0-9a-f]{16}|[0-9a-f]{8}|[0-9a-f]{4}|[0-9a-f]{2})$/i;
const WIDTHS: Readonly<Record<number, DebuggerWords['width']>> = { 2: 1, 4: 2, 8: 4, 16: 8 };
/** WinDbg sets a dash between the bytes 8 and 9. */
const TOKEN = /[^ -]+/g;

interface Start {
  readonly line: number;
  /** Index in the text of the line's first character. */
  readonly start: number;
}

/** Words from an index of a line on, all of one width, at most `mostBytes`; undefined if there is none. */
export function debuggerWords(text: string, from: number, { line, start }: Start, mostBytes: number): DebuggerWords | undefined {
  const [low, high, at]: [number[], number[], number[]] = [[], [], []];
  let chars = 0;
  let width: DebuggerWords['width'] | undefined;
  let stop: string | undefined;
  for (const { 0: token, index } of text.slice(from).matchAll(TOKEN)) {
    if (width !== undefined && low.length * width >= mostBytes) break;
    stop = token;
    if (!WORD.test(token) || (chars !== 0 && token.length !== chars)) break;
    stop = undefined;
    const digits = token.replace('`', '');
    chars = token.length;
    width ??= WIDTHS[digits.length];
    low.push(Number.parseInt(digits.slice(-8), 16));
    high.push(digits.length > 8 ? Number.parseInt(digits.slice(0, -8), 16) : 0);
    at.push(start + from + index);
  }
  return width === undefined ? undefined : { width, words: { line, low, high, at, chars }, stop };
}
