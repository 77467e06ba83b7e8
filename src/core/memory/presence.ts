/**
 * What a dump says of a byte. `held`: it is in the file. `zero`: the dump says it is zero without storing it.
 * `assumed-zero`: a text left it out with "…"; likely zero, never certain. `absent`: the dump does not have it.
 */
export type Presence = 'held' | 'zero' | 'assumed-zero' | 'absent';

/** A stretch of bytes of one presence. */
export interface PresenceRun {
  /** From the start of the piece it describes, bytes. */
  readonly offset: number;
  readonly length: number;
  readonly presence: Presence;
  /** Where these bytes lie in the source, for `held` ones. */
  readonly fileOffset?: number;
  /** For `absent`: why, in a few words ("past the end of the file", "not printed in the text"). */
  readonly reason?: string;
  /** Line of the text these bytes were read from, 1-based; text dumps only. */
  readonly line?: number;
}
