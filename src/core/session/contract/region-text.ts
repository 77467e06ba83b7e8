import { bytesText } from '#core/base/hex.ts';
import { FRAME_BYTES } from '#core/memory/address.ts';
import type { Region } from './atlas.ts';

/** How much of a region is there; where nothing is, which nothing: none mapped, left out by the text, or behind tables that the dump lacks. */
export function presentText({ mappedPages, kind, times }: Region): string {
  if (mappedPages > 0) return `${bytesText(mappedPages * FRAME_BYTES)}${times > 1 ? ` × ${times}` : ''}`;
  return kind === 'absent' ? 'not in this dump' : kind === 'elided' ? 'elided' : 'none';
}
