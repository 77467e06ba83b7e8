import type { Session } from '#core/session/session.ts';
import type { Options } from './options.ts';
import type { Output } from './output.ts';

/** What a command is run with. */
export interface Run {
  readonly session: Session;
  /** The file given. */
  readonly path?: string;
  readonly options: Options;
  /** What stands after the file: `VA` of `walk`. */
  readonly operands: readonly string[];
  readonly out: Output;
  /** A sentence for stderr about what the output cannot show; the exit status stays 0. */
  readonly note: (text: string) => void;
}

/** One command: one file `NAME.command.ts` in `commands/`, its default export; `main.ts` gathers them. */
export interface Command {
  readonly name: string;
  /** As in "walk FILE VA [--root R]". */
  readonly usage: string;
  readonly summary: string;
  /** Operands after the file, at least and at most. */
  readonly operands: readonly [number, number];
  run(run: Run): Promise<void>;
}

/** Something the user gave cannot be done: one sentence for stderr, exit status 1. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
}
