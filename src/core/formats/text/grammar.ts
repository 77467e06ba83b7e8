import type { SourceLine } from './lines.ts';
import type { TextReading } from './reading.ts';

/** Reads lines of one grammar. It may remember the lines before: a command, an unfinished row. */
export interface LineReader {
  /** Reads the line if it is of this grammar; false hands it to the next one. */
  read(line: SourceLine): boolean;
  /** A prompt, another grammar's row or the end of the text: nothing of what was open goes on. */
  close?(): void;
}

/** A way to print memory as text: one file `NAME.grammar.ts` in `grammars`, its default export. */
export interface Grammar {
  readonly id: string;
  /** As in "3 rows of gdb's x". */
  readonly label: string;
  /** Lower is asked first: those with unmistakable rows come before those that would take anything alike. */
  readonly order: number;
  begin(reading: TextReading): LineReader;
}
