import { hex, parseHex } from '#core/base/hex.ts';
import { presenceOf } from './presence-of.ts';
import type { ReadingQuestion } from './readings.ts';
import { regionAt } from './region-at.ts';

/** An address given for a frame number, a whole entry given for either, or a frame that is not the guest’s: named, never mended. */
export function slipOf(question: ReadingQuestion, text: string): string | undefined {
  const value = parseHex(text);
  if (value === undefined) return undefined;
  const slip = addressForFrame(question, value);
  const owner = ownerWords(question, slip === undefined ? value : Math.floor(value / 4096));
  const words = [slip, owner].filter((part) => part !== undefined);
  return words.length === 0 ? undefined : words.join(' ');
}

/** True where a number can only be the address (or a whole entry) of a frame that the tables name: as a frame number it is in no dump. */
export function isForFrame({ image, root }: ReadingQuestion, value: number): boolean {
  const frame = Math.floor(value / 4096);
  const named = root !== undefined && (root.forest.store.find(frame) !== undefined || root.pageSeeing(frame) !== undefined);
  return value >= 4096 && named && presenceOf(image, value * 4096).presence === 'absent';
}

function addressForFrame(question: ReadingQuestion, value: number): string | undefined {
  const frame = Math.floor(value / 4096);
  const flags = value % 4096;
  if (!isForFrame(question, value)) return undefined;
  if (flags === 0) return `${hex(value)} is a machine address; the frame number is ${hex(frame)}.${failedWords(question, value)}`;
  if ((flags & 1) === 1 && (flags & 0xe00) === 0) return `${hex(value)} looks like an entry: frame ${hex(frame)}, flags ${hex(flags, 3)}.`;
  return undefined;
}

/** A tool in the text that was given just this as a frame number, and refused. */
function failedWords(question: ReadingQuestion, value: number): string {
  const failed = question.annotations.find((at) => at.kind === 'unreadable' && at.space === 'machine' && parseHex(at.digits) === value);
  return failed ? ` Line ${failed.line} took it for a frame number, at machine address ${hex(value)}000: far beyond this machine.` : '';
}

/** Frames that only the hypervisor’s part of the space maps are its own: asked for as the guest’s they are refused. */
function ownerWords(question: ReadingQuestion, frame: number): string | undefined {
  const { root, regions } = question;
  const page = root && root.names.pathOfFrame(frame) === undefined ? root.pageSeeing(frame) : undefined;
  const region = page === undefined ? undefined : regionAt(regions, page);
  if (region?.side !== 'Xen' || region.kind === 'loop') return undefined;
  return `Frame ${hex(frame)} is Xen’s own (DOMID_XEN), ${region.name}: asked for as the guest’s, it is refused too.`;
}

/** An entry of 8 bytes with XD, given for an address: its frame and flags. Undefined if the text is none. SDM 4.4.2, figure 4-11. */
export function wideEntry(text: string): string | undefined {
  const digits = /^(?:0x)?([89a-f][0-9a-f]{15})$/i.exec(text.replace(/[`_]/g, ''))?.[1]?.toLowerCase();
  const flags = Number.parseInt(digits?.slice(13) ?? '0', 16);
  if (digits === undefined || flags % 2 === 0) return undefined;
  const frame = hex(Number.parseInt(digits.slice(3, 13), 16));
  return `${digits} looks like an entry: frame ${frame}, flags ${hex(flags, 3)}, XD. As an address it is out of this space.`;
}
