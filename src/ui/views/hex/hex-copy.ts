import { commas, hex } from '#core/base/hex.ts';
import type { BytePage } from '#core/session/contract.ts';
import { type AddressFace, addressString } from './hex-address.ts';
import type { ByteRange } from './hex-cursor.ts';
import { PAGE_BYTES, presenceCodes, ZERO } from './hex-rows.ts';
import { textOf, type WordBytes, wordAt, wordText } from './hex-words.ts';

const COPY_FORMS = ['hex', 'c', 'rust', 'python', 'markdown'] as const;
export type CopyForm = (typeof COPY_FORMS)[number];

export const isCopyForm = (text: string): text is CopyForm => (COPY_FORMS as readonly string[]).includes(text);

/** Bytes a copy may hold: a clipboard is no file. */
export const COPY_LIMIT = 256 * PAGE_BYTES;

/** Bytes in a row, each with whether the dump tells it. */
export interface CopiedBytes {
  readonly bytes: Uint8Array;
  /** 1 where the byte is held or known to be zero. What a text left out, or the dump lacks, is not copied as zero. */
  readonly known: Uint8Array;
}

/** The bytes of a range out of its pages; pages must be in order and cover it. */
export function bytesOfRange(range: ByteRange, pages: readonly BytePage[]): CopiedBytes {
  const copied = { bytes: new Uint8Array(range.length), known: new Uint8Array(range.length) };
  for (const page of pages) {
    const codes = presenceCodes(page);
    const base = (page.page - range.page) * PAGE_BYTES - range.offset;
    for (let i = Math.max(0, -base); i < PAGE_BYTES && base + i < range.length; i++) {
      copied.bytes[base + i] = page.bytes[i] ?? 0;
      copied.known[base + i] = (codes[i] ?? ZERO + 1) <= ZERO ? 1 : 0;
    }
  }
  return copied;
}

export interface CopyContext {
  readonly face: AddressFace;
  readonly range: ByteRange;
  readonly wordBytes: WordBytes;
}

export function copyText(form: CopyForm, copied: CopiedBytes, context: CopyContext): string {
  if (form === 'hex') return hexText(copied, context.wordBytes);
  if (form === 'markdown') return markdown(copied, context);
  return array(form, copied, context);
}

const byteText = ({ bytes, known }: CopiedBytes, i: number): string => (known[i] ? hex(bytes[i] ?? 0, 2) : '??');

/** Words as shown, blank between; "??" for what is not known. */
function hexText(copied: CopiedBytes, size: WordBytes): string {
  const words: string[] = [];
  for (let i = 0; i < copied.bytes.length; i += size) words.push(wordOrGap(copied, i, size));
  return words.join(' ');
}

function wordOrGap(copied: CopiedBytes, offset: number, size: WordBytes): string {
  for (let i = offset; i < offset + size; i++) if (!copied.known[i]) return '?'.repeat(size * 2);
  return wordText(wordAt(copied.bytes, offset, size), size);
}

interface ArrayForm {
  readonly head: (length: number) => string;
  readonly foot: string;
  readonly comment: (text: string) => string;
}

const ARRAYS: Readonly<Record<'c' | 'rust' | 'python', ArrayForm>> = {
  c: { head: (length) => `static const unsigned char bytes[${length}] = {`, foot: '};', comment: (text) => `/* ${text} */` },
  rust: { head: (length) => `const BYTES: [u8; ${length}] = [`, foot: '];', comment: (text) => `// ${text}` },
  python: { head: () => 'data = bytes([', foot: '])', comment: (text) => `# ${text}` },
};

const PER_LINE = 16;

/** Known bytes only: where some are missing a comment says so and the length is of what is there. */
function array(form: 'c' | 'rust' | 'python', copied: CopiedBytes, { face, range }: CopyContext): string {
  const { head, foot, comment } = ARRAYS[form];
  const lines = [comment(`${face.space} ${addressString(face, range.page, range.offset)}, ${commas(range.length)} bytes`)];
  const count = copied.known.reduce((sum, known) => sum + known, 0);
  lines.push(head(count), ...pieces(copied).map((piece) => pieceText(piece, copied, comment)), foot);
  return lines.join('\n');
}

interface Piece {
  readonly from: number;
  readonly to: number;
  readonly known: boolean;
}

/** Lines of at most sixteen known bytes, and whole gaps. */
function pieces({ known }: CopiedBytes): readonly Piece[] {
  const found: Piece[] = [];
  for (let from = 0; from < known.length; ) {
    const limit = known[from] ? from + PER_LINE : known.length;
    let to = from + 1;
    while (to < Math.min(limit, known.length) && known[to] === known[from]) to++;
    found.push({ from, to, known: known[from] === 1 });
    from = to;
  }
  return found;
}

function pieceText({ from, to, known }: Piece, copied: CopiedBytes, comment: (text: string) => string): string {
  if (!known) return `    ${comment(`+${hex(from, 3)}: ${commas(to - from)} bytes not known`)}`;
  const bytes = Array.from({ length: to - from }, (_, i) => `0x${byteText(copied, from + i)},`);
  return `    ${bytes.join(' ')}`;
}

/** A table of sixteen bytes a row, with their address and text. */
function markdown(copied: CopiedBytes, { face, range }: CopyContext): string {
  const rows = ['| address | bytes | text |', '| --- | --- | --- |'];
  for (let i = 0; i < copied.bytes.length; i += PER_LINE) {
    const length = Math.min(PER_LINE, copied.bytes.length - i);
    const at = range.offset + i;
    const address = addressString(face, range.page + Math.floor(at / PAGE_BYTES), at % PAGE_BYTES);
    const bytes = Array.from({ length }, (_, k) => byteText(copied, i + k)).join(' ');
    rows.push(`| \`${address}\` | \`${bytes}\` | \`${textOf(copied.bytes.subarray(i, i + length)).replace(/[|`]/g, '·')}\` |`);
  }
  return rows.join('\n');
}
