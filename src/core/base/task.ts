/** One report of a long job: bytes (or items) of a known total, and the step in words. */
export interface Progress {
  readonly step: string;
  readonly done: number;
  /** Undefined where the total is not known: then no fraction may be shown. */
  readonly total?: number;
  /** What a search has found so far: said by searches alone. */
  readonly found?: number;
}

/** Thrown by `Task.check()` and caught only by whoever started the job. */
export class Cancelled extends Error {
  override readonly name = 'Cancelled';
}

/** What a long job is given: a place to report to, and a question to ask. (ES2023 alone has no AbortSignal.) */
export interface Task {
  report(progress: Progress): void;
  /** @throws Cancelled when the user has asked to stop. */
  check(): void;
}

/** For tests and short jobs: reports nothing, never cancels. */
export const quietTask: Task = { report: () => undefined, check: () => undefined };
