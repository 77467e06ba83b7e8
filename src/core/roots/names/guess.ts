import type { Task } from '#core/base/task.ts';
import type { MemoryImage } from '#core/memory/memory-image.ts';
import type { Root } from '#core/paging/mode.ts';

/** Which process an address space probably is. Always a guess: names come from what structures in memory look like, not from symbols. */
export interface ProcessGuess {
  /** As the kernel keeps it, cut at 16 bytes; what is not printable ASCII as \xNN. */
  readonly name: string;
  /** Left out where it is not sure. */
  readonly pid?: number;
  /** What speaks for it, with addresses and numbers: one sentence. */
  readonly reason: string;
}

/** A root that may be named. */
export interface NameableRoot extends Root {
  readonly verified?: boolean;
  /** Page that maps the root's own frame. */
  readonly ownPage?: number;
  /** Machine address of the other half, where page-table isolation keeps two. */
  readonly pair?: number;
}

/** Words of memory in order of machine address, and the machine address of the first. They are overwritten afterwards. */
export interface WordStretch {
  readonly start: number;
  readonly words: Uint32Array;
}

/** Sees all of memory once, then names. */
export interface Gathering {
  look(stretch: WordStretch): void;
  /** By root, one of those given. @throws Cancelled, or what reading throws. */
  name(image: MemoryImage, task: Task): Promise<ReadonlyMap<NameableRoot, ProcessGuess>>;
}

/** How one operating system's processes may be told: one file each. */
export interface Signature {
  /** Undefined where these roots cannot be its processes'. @throws Cancelled, or what reading throws. */
  gather(image: MemoryImage, roots: readonly NameableRoot[], task: Task): Promise<Gathering | undefined>;
}
