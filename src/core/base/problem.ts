/**
 * Something wrong with what the user gave us: a value, never a throw. It is shown with its place, and the rest goes on.
 */
export interface Problem {
  /** Stable kebab-case key, for tests and `--json`: `elf-segment-beyond-end`. */
  readonly kind: string;
  /** One sentence with the numbers: what was found, where, and what follows from it. */
  readonly text: string;
  /** `stop`: nothing can be shown. `loss`: part cannot be shown. `note`: odd, nothing lost. */
  readonly severity: 'stop' | 'loss' | 'note';
  /** Byte offset in the file where it was seen, if there is one. */
  readonly fileOffset?: number;
  /** That offset counts what the file unpacks to. */
  readonly inUnpacked?: true;
}
