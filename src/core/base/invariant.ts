/** Throws when a rule of our own code is broken. Never for what a dump or a link holds: those become a `Problem`. */
export function invariant(condition: unknown, rule: string): asserts condition {
  if (!condition) throw new Error(`Broken invariant: ${rule}`);
}
