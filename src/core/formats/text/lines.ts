/** Who printed a prompt: the rest of its line is a command, or (from a script) already the answer. */
export type Prompt = 'gdb' | 'qemu' | 'crash' | 'kd' | 'shell';

/** A line made plain: quotes, prompt, escapes, tabs and unusual blanks are spaces, each as long as what it replaces. */
export interface SourceLine {
  /** 1-based. A line too long for one piece comes in several with the same number. */
  readonly number: number;
  /** Index, in the 8-bit text, of `text[0]`. */
  readonly start: number;
  readonly text: string;
  readonly prompt: Prompt | undefined;
}

const NEWLINE = 0x0a;
const SPACE = 0x20;
/** Longer lines are cut at a blank: no pattern ever meets more text than this. */
const PIECE = 16 * 1024;

/** The lines of an 8-bit text, in time linear in its length. */
export function* sourceLines(chars: Uint8Array): Generator<SourceLine> {
  let number = 1;
  for (let start = 0; start < chars.length; number++) {
    const newline = chars.indexOf(NEWLINE, start);
    const end = newline < 0 ? chars.length : newline;
    for (let at = start; at < end; ) {
      const stop = pieceEnd(chars, at, end);
      yield plainLine(chars.subarray(at, stop), number, at);
      at = stop;
    }
    if (end === start) yield { number, start, text: '', prompt: undefined };
    start = end + 1;
  }
}

function pieceEnd(chars: Uint8Array, at: number, end: number): number {
  if (end - at <= PIECE) return end;
  const blank = chars.subarray(at, at + PIECE).lastIndexOf(SPACE);
  return blank > 0 ? at + blank : at + PIECE;
}

function plainLine(chars: Uint8Array, number: number, start: number): SourceLine {
  const { text, prompt } = withoutPrompt(withoutQuotes(plainChars(String.fromCharCode(...chars))));
  return { number, start, text, prompt };
}

const blanks = (found: string): string => ' '.repeat(found.length);

const UNUSUAL = /[^\x20-\x7e]/;
/** CSI sequences of a terminal. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: terminals put these into pasted text
const TERMINAL = /\x1b\[[0-9;?]*[A-Za-z]/g;
// biome-ignore lint/suspicious/noControlCharactersInRegex: tabs, returns and what a terminal leaves
const CONTROL = /[\x00-\x1f\x7f]/g;
/** UTF-8 of the dashes U+2010–2015 and of the ellipsis U+2026, which mail programs put in place of - and … */
const DASH = /\xe2\x80[\x90-\x95]/g;
const ELLIPSIS = /\xe2\x80\xa6/g;
/** UTF-8 of U+00A0, U+2000–200B and U+202F; a lone a0 is the same of Latin-1. */
const WIDE_BLANK = /\xc2\xa0|\xe2\x80[\x80-\x8b\xaf]|\xa0/g;

function plainChars(text: string): string {
  if (!UNUSUAL.test(text)) return text;
  return text.replace(TERMINAL, blanks).replace(CONTROL, ' ').replace(DASH, '-- ').replace(ELLIPSIS, '...').replace(WIDE_BLANK, blanks);
}

/** `> > ` of a quoted mail. */
const QUOTES = /^ {0,8}>(?: ?>)* ?/;

const withoutQuotes = (text: string): string => text.replace(QUOTES, blanks);

const PROMPTS: readonly (readonly [Prompt, RegExp])[] = [
  ['gdb', /^ *\((?:gdb|kgdb|rr|xen-?gdb)\) ?/],
  ['qemu', /^ *\(qemu\) ?/],
  ['crash', /^ *crash(?:32|64)?> ?/],
  ['kd', /^ *(?:\d+: ?)?l?kd> ?/],
  // WinDbg's physical rows begin with # too.
  [
    'shell',
    /^ *(?!# *[0-9a-f`]{1,17} +(?:[0-9a-f`]{8,17}|[0-9a-f]{4}|[0-9a-f]{2}|\?+)(?:[ -]|$))(?:\[?[\w.@:~/-]{0,80}(?: [\w.~/-]{1,40}\])?)?[#$](?: |$)/i,
  ],
];

function withoutPrompt(text: string): { text: string; prompt: Prompt | undefined } {
  for (const [prompt, pattern] of PROMPTS) {
    const found = pattern.exec(text)?.[0];
    if (found === undefined) continue;
    const rest = blanks(found) + text.slice(found.length);
    // A script's session prints the prompt once for each command: "(gdb) (gdb) 0xc0000000: …".
    return { text: rest.replace(/^(?: *\((?:gdb|qemu)\))+/, blanks), prompt };
  }
  return { text, prompt: undefined };
}
