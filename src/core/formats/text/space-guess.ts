import type { SourceLine } from './lines.ts';
import type { TextReading, TextSpace } from './reading.ts';

/** Rows whose command was not copied along: what their digits are taken to mean, told with the first of them. */
export class SpaceGuess {
  readonly #reading: TextReading;
  readonly #rows: string;
  #told = false;

  /** @param rows Whose rows, and what they stand without: "crash's rows stand without their rd command". */
  constructor(reading: TextReading, rows: string) {
    this.#reading = reading;
    this.#rows = rows;
  }

  take(line: SourceLine, space: TextSpace): TextSpace {
    if (!this.#told) {
      const taken = space === 'machine' ? 'physical' : 'virtual';
      const text = `From line ${line.number} on, ${this.#rows}; by their digits they are taken as ${taken}.`;
      this.#reading.problem('text-space-guessed', 'note', text, line.start);
    }
    this.#told = true;
    return space;
  }
}
