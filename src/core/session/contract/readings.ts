import type { Target } from './explanation.ts';

export interface Reading {
  /** "virtual address F5800000", "frame fbc00", "file offset 2,275". */
  readonly label: string;
  /** What it leads to: "M2P, read-only", "not present: PD[0] slot 0 is zero". */
  readonly leadsTo: string;
  readonly target: Target;
}

export interface Readings {
  /** Best first. Empty: `problem` says why. */
  readonly readings: readonly Reading[];
  /** A slip named: "fbc00000 is a machine address; the frame is fbc00". Never mended unasked. */
  readonly slip?: string;
  readonly problem?: string;
}
