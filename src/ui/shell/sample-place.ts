import { parseLink } from '#ui/state/permalink.ts';
import type { Place } from '#ui/state/place.ts';
import type { Sample } from '#ui/state/samples.ts';

/** Where a sample says to stand at first, if it says so. */
export function samplePlace(sample: Sample): { readonly place?: Place } {
  const place = sample.place && parseLink(sample.place)?.link.place;
  return place ? { place } : {};
}
