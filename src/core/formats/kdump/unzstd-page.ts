import { Decompress } from 'fzstd';
import { parseFrameStart } from '#core/formats/wrappers/zstd-frame.ts';

/** A page needs no more; the decoder allocates what the frame's header says. */
const MOST_WINDOW_BYTES = 1024 * 1024;

/** One zstd frame. Undefined if it gives another number of bytes. @throws Error for damaged bytes. */
export function unzstdPage(stored: Uint8Array, bytes: number): Uint8Array | undefined {
  const start = parseFrameStart(stored);
  if (start.kind !== 'data' || start.windowBytes > MOST_WINDOW_BYTES) return undefined;
  const page = new Uint8Array(bytes);
  let at = 0;
  const decoder = new Decompress((part) => {
    if (at + part.length > bytes) throw new Error('longer than a page');
    page.set(part, at);
    at += part.length;
  });
  decoder.push(stored, true);
  return at === bytes ? page : undefined;
}
