import { commas, hex } from '#core/base/hex.ts';
import type { HexSpace } from '#core/session/contract.ts';
import { PAGE_BYTES } from './hex-rows.ts';

/** What an address column needs to know to write its numbers all at one width. */
export interface AddressFace {
  readonly space: HexSpace;
  /** Bits of a virtual address: 32, 48, 57. */
  readonly virtualBits: number;
  /** Pages of the space, for the width of its widest number. */
  readonly pageCount: number;
}

/** Case tells the space: virtual in capitals, machine as frame:offset, the file in decimal. Leading zeros apart, to be dimmed. */
export interface AddressText {
  readonly zeros: string;
  readonly digits: string;
}

export function addressText(face: AddressFace, page: number, offset: number): AddressText {
  if (face.space === 'file') return { zeros: '', digits: commas(page * PAGE_BYTES + offset) };
  const text = face.space === 'virtual' ? virtualText(face, page, offset) : `${hex(page, frameDigits(face))}:${hex(offset, 3)}`;
  const zeros = /^0*(?=.)/.exec(text.split(':')[0] ?? '')?.[0].length ?? 0;
  return { zeros: text.slice(0, zeros), digits: text.slice(zeros) };
}

/** 8, 12 or 15 digits, not sign-extended: the whole address stands in the address box. */
function virtualText({ virtualBits }: AddressFace, page: number, offset: number): string {
  return (hex(page, Math.ceil(virtualBits / 4) - 3) + hex(offset, 3)).toUpperCase();
}

const frameDigits = ({ pageCount }: AddressFace): number => hex(Math.max(0, pageCount - 1)).length;

/** Address with its leading zeros, for copying and names. */
export function addressString(face: AddressFace, page: number, offset: number): string {
  const { zeros, digits } = addressText(face, page, offset);
  return face.space === 'machine' ? digits : zeros + digits;
}

/** Characters of the column: the widest number of the space. */
export function addressCharacters(face: AddressFace): number {
  const { zeros, digits } = addressText(face, Math.max(0, face.pageCount - 1), PAGE_BYTES - 1);
  return zeros.length + digits.length;
}

/** "fbc00:100–fff": a stretch within a page. */
export function stretchText(face: AddressFace, page: number, offset: number, length: number): string {
  const last = offset + length - 1;
  if (face.space === 'file') return `${addressString(face, page, offset)}–${commas(page * PAGE_BYTES + last)}`;
  const tail = hex(last, 3);
  return `${addressString(face, page, offset)}–${face.space === 'virtual' ? tail.toUpperCase() : tail}`;
}

/** "F7000000–F7FFFFFF": a stretch of whole pages. */
export function pagesText(face: AddressFace, firstPage: number, pageCount: number): string {
  return `${addressString(face, firstPage, 0)}–${addressString(face, firstPage + pageCount - 1, PAGE_BYTES - 1)}`;
}
