import type { Opened } from '#core/formats/index.ts';
import type { StartSweepers } from '#core/roots/sweepers.ts';
import type { ImageSummary, OpenOptions } from './contract.ts';

/** Threads for the search for roots, which open the dump with these options. */
export type SweepersFor = (options: OpenOptions) => StartSweepers;

/** Threads that open the dump as it was opened here; none where it lies in a wrapper, which each would unpack anew. */
export function sweepersOf(
  { format }: Opened,
  { regions }: ImageSummary,
  options: OpenOptions,
  sweepersFor?: SweepersFor,
): StartSweepers | undefined {
  if (format.wrappers.length > 0) return undefined;
  // Where the parts of raw memory lie need not be found out again.
  return sweepersFor?.(regions ? { ...options, regions: regions.regions } : options);
}
