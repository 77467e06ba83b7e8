import { commas, hex } from '#core/base/hex.ts';
import { FRAME_BYTES, machineAddress, virtualPage } from '#core/memory/address.ts';
import type { MemoryImage } from '#core/memory/memory-image.ts';
import { mfnOf, NO_FRAME, type P2m } from '#core/xen/frame-numbers.ts';
import { kindOfM2pWord, M2P_MEANING, narrowM2pWord } from '#core/xen/m2p.ts';
import { m2pWordPlace } from '#core/xen/m2p-place.ts';
import type { FrameWord } from './contract.ts';
import type { OpenedRoot } from './opened-root.ts';
import { presenceOf } from './presence-of.ts';
import { frameAt, type XenTables } from './xen-tables.ts';

/** What words are read through. */
export interface WordQuestion {
  readonly image: MemoryImage;
  readonly root: OpenedRoot;
  readonly tables: XenTables;
}

/** M2P[mfn] with its place, read for itself: also where the table as a whole is too large or mostly not in the dump. */
export async function m2pFact(question: WordQuestion, mfn: number): Promise<FrameWord> {
  const { window } = question.tables;
  if (!window) return { table: 'M2P', index: mfn, meaning: M2P_MEANING.unknown, reason: 'this root maps no M2P' };
  const at = mfn < window.entries ? m2pWordPlace(window, mfn) : undefined;
  if (!at) {
    const reason = `the M2P mapped here ends with MFN ${hex(window.entries - 1)} (${commas(window.entries)} words)`;
    return { table: 'M2P', index: mfn, meaning: 'no word of the table', reason };
  }
  const place = placeOf(question, at.page, at.offset);
  const word = place.fileOffset === undefined ? undefined : await wordAt(question.image, place.machineAddress ?? 0, window.bytesPerWord);
  const value = word && narrowM2pWord(word.low, word.high);
  return { table: 'M2P', index: mfn, ...place, ...(value !== undefined && { value }), meaning: m2pMeaning(question.tables, mfn, value) };
}

function m2pMeaning({ p2ms: [p2m] }: XenTables, mfn: number, word: number | undefined): string {
  const kind = kindOfM2pWord(word);
  if (kind !== 'valid' || word === undefined || !p2m) return M2P_MEANING[kind];
  const back = mfnOf(p2m, word);
  if (back === mfn) return `PFN ${hex(word)}, and P2M[${hex(word)}] leads back`;
  const there = back === undefined ? 'has no frame' : `is MFN ${hex(back)}`;
  return `PFN ${hex(word)}, but P2M[${hex(word)}] ${there}: another domain’s, or a stale or wrong word`;
}

/** P2M[pfn] with its place, of the first P2M there is. */
export function p2mFact(question: WordQuestion, pfn: number): FrameWord {
  const [p2m] = question.tables.p2ms;
  const named = { table: 'P2M', index: pfn } as const;
  if (!p2m) return { ...named, meaning: 'this word is not in the dump', reason: 'no P2M was found' };
  const mfn = mfnOf(p2m, pfn);
  const place = p2mPlace(question, p2m, pfn);
  if (mfn !== undefined) return { ...named, ...place, value: mfn, meaning: `MFN, by ${p2m.source}` };
  if (pfn >= p2m.mfns.length) return { ...named, meaning: `beyond the P2M, which ends with PFN ${hex(p2m.mfns.length - 1)}` };
  return { ...named, ...place, meaning: 'the guest has no frame there' };
}

/** Bytes of an (PFN, MFN) pair, and where the MFN stands in it. */
const PAIR = { bytes: 16, mfn: 8 };

function p2mPlace(question: WordQuestion, { place }: P2m, pfn: number): Partial<FrameWord> {
  if (place?.kind === 'virtual') {
    const byte = place.offset + pfn * place.wordBytes;
    return placeOf(question, place.page + Math.floor(byte / FRAME_BYTES), byte % FRAME_BYTES);
  }
  const row = place?.rows[pfn] ?? NO_FRAME;
  return place && row !== NO_FRAME ? { fileOffset: place.fileOffset + row * PAIR.bytes + PAIR.mfn } : {};
}

function placeOf(
  { image, root }: WordQuestion,
  page: number,
  offset: number,
): Pick<FrameWord, 'seenAt' | 'machineAddress' | 'fileOffset' | 'reason'> {
  const seenAt = { page: virtualPage(page), offset };
  const frame = frameAt(root, page);
  if (frame === undefined) return { seenAt, reason: 'its page is not mapped' };
  const machine = frame * FRAME_BYTES + offset;
  const known = presenceOf(image, machine);
  return {
    seenAt,
    machineAddress: machine,
    ...(known.fileOffset !== undefined && { fileOffset: known.fileOffset }),
    ...(known.presence !== 'held' && { reason: known.reason ?? known.presence }),
  };
}

async function wordAt(image: MemoryImage, machine: number, bytes: 4 | 8): Promise<{ readonly low: number; readonly high: number } | undefined> {
  const [piece] = await image.read([{ start: machineAddress(machine), length: bytes }]);
  if (!piece || piece.presence.some(({ presence }) => presence !== 'held')) return undefined;
  const view = new DataView(piece.bytes.buffer, piece.bytes.byteOffset, bytes);
  return { low: view.getUint32(0, true), high: bytes === 8 ? view.getUint32(4, true) : 0 };
}
