import { commas } from '#core/base/hex.ts';
import type { Problem } from '#core/base/problem.ts';
import { FRAME_BYTES } from '#core/memory/address.ts';
import type { TextAnnotation, TextPlace } from './annotation.ts';
import type { SourceLine } from './lines.ts';
import { PrintedBytes, type PrintedWords } from './printed-bytes.ts';

export type TextSpace = 'virtual' | 'machine';

/** A stretch of memory that the text speaks of. */
export interface TextRow extends TextPlace {
  readonly space: TextSpace;
  /** Bytes; may cross pages. */
  readonly length: number;
  readonly presence: 'held' | 'zero' | 'assumed-zero' | 'absent';
  readonly line: number;
  /** `held`: index of the first byte in `PrintedBytes`. */
  readonly at: number;
  /** True for what a command did rather than what was printed: it replaces everything said before, also held bytes. */
  readonly event: boolean;
  /** For `absent`. */
  readonly reason?: string;
}

/** A root's frame that a command names. */
export interface NamedRoot {
  readonly frame: number;
  readonly line: number;
  readonly origin: string;
}

/** Control registers printed together; undefined where a line of them was not there. */
export interface PrintedRegisters {
  readonly line: number;
  readonly cpu: number | undefined;
  readonly cr0?: number;
  readonly cr3?: number;
  readonly cr4?: number;
  readonly efer?: number;
}

/** A copy that a command made: bytes printed at `to` after it are also those at `from`. */
export interface CopiedMemory {
  readonly from: TextPlace;
  readonly to: TextPlace;
  readonly length: number;
  readonly line: number;
  /** The function that was called. */
  readonly by: string;
  /** Rows before it: those from this index on may show the copy. */
  readonly order: number;
}

/** Of one kind of problem only the first few are told one by one. */
const TOLD_OF_A_KIND = 20;

/** What is being gathered from a text, line by line. */
export class TextReading {
  readonly printed = new PrintedBytes();
  /** In text order. */
  readonly rows: TextRow[] = [];
  readonly annotations: TextAnnotation[] = [];
  readonly namedRoots: NamedRoot[] = [];
  readonly registers: PrintedRegisters[] = [];
  readonly copies: CopiedMemory[] = [];
  /** Rows each grammar gave, for telling how the text was recognised. */
  readonly rowsOfGrammar = new Map<string, { count: number; firstLine: number }>();
  readonly #problems: Problem[] = [];
  readonly #problemsOfKind = new Map<string, number>();
  #grammar = '';

  /** Whose rows the next ones are. */
  enter(grammar: string): void {
    this.#grammar = grammar;
  }

  /** A row of native words, stored little-endian. `at[i]` is the index in the text of word i's first character. */
  words(place: TextPlace & { readonly space: TextSpace }, width: number, row: PrintedWords): void {
    const at = this.printed.words(width, row);
    this.#add(place, { length: width * row.low.length, presence: 'held', line: row.line, at, event: false });
  }

  /** A row of single bytes, each printed with two digits. */
  bytes(place: TextPlace & { readonly space: TextSpace }, row: PrintedWords): void {
    this.words(place, 1, row);
  }

  /** Zeros that the text tells of without printing them. */
  zeros(place: TextPlace & { readonly space: TextSpace }, length: number, presence: 'zero' | 'assumed-zero', line: number): void {
    if (length > 0) this.#add(place, { length, presence, line, at: -1, event: false });
  }

  /** A command changed memory: what was printed before is no longer so. */
  changed(
    place: TextPlace,
    length: number,
    line: number,
    to: { readonly presence: 'assumed-zero' } | { readonly presence: 'absent'; readonly reason: string },
  ): void {
    this.rows.push({ space: 'virtual', page: place.page, offset: place.offset, length, line, at: -1, event: true, ...to });
  }

  #add(place: TextPlace & { readonly space: TextSpace }, row: Pick<TextRow, 'length' | 'presence' | 'line' | 'at' | 'event'>): void {
    this.rows.push({ space: place.space, page: place.page, offset: place.offset, ...row });
    if (row.presence === 'assumed-zero') return;
    const seen = this.rowsOfGrammar.get(this.#grammar);
    if (seen === undefined) this.rowsOfGrammar.set(this.#grammar, { count: 1, firstLine: row.line });
    else seen.count++;
  }

  annotate(annotation: TextAnnotation): void {
    this.annotations.push(annotation);
  }

  problem(kind: string, severity: Problem['severity'], text: string, fileIndex?: number): void {
    const count = (this.#problemsOfKind.get(kind) ?? 0) + 1;
    this.#problemsOfKind.set(kind, count);
    if (count <= TOLD_OF_A_KIND)
      this.#problems.push(fileIndex === undefined ? { kind, severity, text } : { kind, severity, text, fileOffset: fileIndex });
  }

  /** A line that looks like a row and is none. */
  malformed(line: SourceLine, what: string): void {
    this.problem('text-row-malformed', 'loss', `Line ${commas(line.number)} looks like a row of memory, but ${what}; it is left out.`, line.start);
  }

  /** All problems so far; file offsets are indexes of the 8-bit text. */
  problems(): Problem[] {
    const more = [...this.#problemsOfKind].filter(([, count]) => count > TOLD_OF_A_KIND);
    return [
      ...this.#problems,
      ...more.map(
        ([kind, count]): Problem => ({ kind, severity: 'note', text: `${commas(count - TOLD_OF_A_KIND)} more like it (${kind}) are not listed.` }),
      ),
    ];
  }
}

/** The place `bytes` further on. */
export function placeAfter(place: TextPlace, bytes: number): TextPlace {
  const offset = place.offset + bytes;
  return { page: place.page + Math.floor(offset / FRAME_BYTES), offset: offset % FRAME_BYTES };
}

/** Bytes from one place to another; negative backwards. Exact up to 2^53. */
export const bytesBetween = (from: TextPlace, to: TextPlace): number => (to.page - from.page) * FRAME_BYTES + to.offset - from.offset;

/** A place from 1 to 16 hex digits. */
export function placeOfDigits(digits: string): TextPlace {
  const page = digits.slice(0, -3);
  return { page: page === '' ? 0 : Number.parseInt(page, 16), offset: Number.parseInt(digits.slice(-3), 16) };
}
