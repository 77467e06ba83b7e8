/**
 * A text dump inside a link. Deflated bytes over this size are not put there: links much longer than some 11,000 characters are
 * cut by mail programs and chats.
 */
export const MOST_PACKED_BYTES = 8192;
/** A link may not blow up: 8 KiB deflated holds at most some 8 MiB. */
const MOST_TEXT_BYTES = 8 * 1024 * 1024;

/** Undefined where the text is too long to travel in a link. */
export async function packText(text: string): Promise<string | undefined> {
  const { deflateSync } = await import('fflate');
  const packed = deflateSync(new TextEncoder().encode(text), { level: 9 });
  return packed.length > MOST_PACKED_BYTES ? undefined : toBase64Url(packed);
}

/** Undefined where the packed text is damaged. */
export async function unpackText(packed: string): Promise<string | undefined> {
  const { Inflate } = await import('fflate');
  const chunks: Uint8Array[] = [];
  let size = 0;
  const inflate = new Inflate((chunk) => {
    size += chunk.length;
    if (size > MOST_TEXT_BYTES) throw new RangeError('text in the link is too long');
    chunks.push(chunk);
  });
  try {
    inflate.push(fromBase64Url(packed), true);
    return await new Blob(chunks as BlobPart[]).text();
  } catch {
    return undefined;
  }
}

function toBase64Url(bytes: Uint8Array): string {
  const binary = Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

function fromBase64Url(text: string): Uint8Array {
  const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  return Uint8Array.from(binary, (char) => char.charCodeAt(0));
}
