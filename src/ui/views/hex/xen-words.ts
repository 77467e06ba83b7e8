import { hex } from '#core/base/hex.ts';
import { type BytePage, M2P_KINDS, M2P_SAYS, type M2pKind } from '#core/session/contract.ts';
import { type WordBytes, wordAt, wordText } from './hex-words.ts';

/** What Xen's structures say of a word: a word of the M2P, or a field of start_info or shared_info. */
export interface XenWord {
  /** "M2P[fb153]", "start_info.nr_pages". */
  readonly name: string;
  /** The value in the field's own terms: "PFN 3ae", "2000", "“xen-3.0-x86_64”". */
  readonly value: string;
  readonly meaning: string;
  readonly className: string;
}

export function xenWordAt(page: BytePage, offset: number): XenWord | undefined {
  return m2pWordAt(page, offset) ?? fieldAt(page, offset);
}

/** Class of a shown word; cheap, for every word of a screen. */
export function xenClass(page: BytePage, offset: number): string {
  const kind = kindAt(page, offset);
  if (kind) return `hex-m-${kind}`;
  return page.struct?.fields.some((field) => offset >= field.offset && offset < field.offset + field.size) ? 'hex-field' : '';
}

function kindAt({ m2p }: BytePage, offset: number): M2pKind | undefined {
  return m2p && M2P_KINDS[m2p.kinds[Math.floor(offset / m2p.bytesPerWord)] ?? -1];
}

function m2pWordAt(page: BytePage, offset: number): XenWord | undefined {
  const kind = kindAt(page, offset);
  if (!page.m2p || !kind) return undefined;
  const { firstMfn, bytesPerWord } = page.m2p;
  const index = Math.floor(offset / bytesPerWord);
  const word = wordAt(page.bytes, index * bytesPerWord, bytesPerWord);
  const isPfn = kind === 'valid' || kind === 'foreign' || kind === 'stale';
  return {
    name: `M2P[${hex(firstMfn + index)}]`,
    value: kind === 'unknown' || kind === 'unmapped' ? '' : isPfn ? `PFN ${hex(word.low)}` : wordText(word, bytesPerWord),
    meaning: M2P_SAYS[kind],
    className: `hex-m-${kind}`,
  };
}

function fieldAt({ struct }: BytePage, offset: number): XenWord | undefined {
  const field = struct?.fields.find((one) => offset >= one.offset && offset < one.offset + one.size);
  if (!struct || !field) return undefined;
  const value = typeof field.value === 'number' ? hex(field.value) : `“${field.value}”`;
  return { name: `${struct.name}.${field.name}`, value, meaning: field.meaning, className: 'hex-field' };
}

/** Bytes of a word where a page is of Xen's and the user chose none. */
export const xenWordBytes = ({ m2p }: BytePage): WordBytes | undefined => m2p?.bytesPerWord;

/** "M2P[fb153] = PFN 3ae, guest frame of the domain that owns it". */
export const xenSentence = ({ name, value, meaning }: XenWord): string => `${name}${value ? ` = ${value}` : ''}, ${meaning}`;
