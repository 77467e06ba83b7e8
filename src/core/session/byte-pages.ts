import { commas, virtualHex } from '#core/base/hex.ts';
import { invariant } from '#core/base/invariant.ts';
import { FRAME_BYTES, machineAddress } from '#core/memory/address.ts';
import type { MemoryImage, MemoryPiece } from '#core/memory/memory-image.ts';
import type { PresenceRun } from '#core/memory/presence.ts';
import { walk } from '#core/tables/walk.ts';
import type { BytePage, HexSpace } from './contract.ts';
import type { FileSpace } from './file-places.ts';
import type { OpenedRoot } from './opened-root.ts';
import { entryCells } from './table-cells.ts';

/** What bytes are read from, and what is known around them. */
export interface ByteQuestion {
  readonly image: MemoryImage;
  readonly file: FileSpace;
  /** Rows of a text that no frame was found for, readable by their virtual address alone. */
  readonly unplaced?: MemoryImage;
  /** Undefined where no root is chosen: then only `machine` and `file` have pages, and no frame is known to be a table. */
  readonly root: OpenedRoot | undefined;
  noteOf(frame: number): string | undefined;
  /** Frame that a page of a text was taken to be, also where no walk leads there. */
  placedFrame?(page: number): number | undefined;
}

/** Pages asked for at once at most: more is a mistake of the caller, and would stall the reader. */
const MOST_PAGES = 256;

export async function bytePages(question: ByteQuestion, space: HexSpace, firstPage: number, pageCount: number): Promise<readonly BytePage[]> {
  const pages = Array.from({ length: Math.min(pageCount, MOST_PAGES) }, (_, i) => firstPage + i);
  const made = await pagesIn(question, space, pages);
  return question.file.isUnpacked ? made.map((page) => ({ ...page, isUnpacked: true })) : made;
}

async function pagesIn(question: ByteQuestion, space: HexSpace, pages: readonly number[]): Promise<readonly BytePage[]> {
  if (space === 'file') return Promise.all(pages.map((page) => filePage(question, page)));
  if (space === 'machine') return machinePages(question, pages);
  return question.root ? virtualPages(question, question.root, pages) : [];
}

async function machinePages(question: ByteQuestion, frames: readonly number[]): Promise<readonly BytePage[]> {
  const pieces = await question.image.read(frames.map((frame) => ({ start: machineAddress(frame * FRAME_BYTES), length: FRAME_BYTES })));
  return frames.flatMap((frame, i) => {
    const piece = pieces[i];
    return piece ? [framePage(question, frame, piece, 'machine', frame, question.root?.pageSeeing(frame))] : [];
  });
}

function framePage(
  question: ByteQuestion,
  frame: number,
  piece: MemoryPiece,
  space: HexSpace,
  page: number,
  virtualPage: number | undefined,
): BytePage {
  const table = question.root && tableOf(question.root, frame);
  const note = question.noteOf(frame);
  return {
    space,
    page,
    bytes: piece.bytes,
    presence: piece.presence,
    frame,
    ...(virtualPage !== undefined && { virtualPage }),
    ...(table && { table }),
    ...(note !== undefined && { note }),
  };
}

/** How a frame is a page table of the open root, if it is. */
function tableOf(root: OpenedRoot, frame: number): BytePage['table'] {
  const path = root.names.pathOfFrame(frame);
  const place = path && root.names.resolve(path);
  const shape = place && root.forest.shapes[place.level];
  if (!path || !place || !shape) return undefined;
  return {
    path,
    name: root.names.nameOf(path),
    level: place.level,
    entryBytes: root.mode.entryBytes,
    offset: place.table === 0 ? root.choice.address % FRAME_BYTES : 0,
    entries: shape.entries,
    cells: entryCells(root, place),
    firstPage: place.firstPage,
    pagesPerEntry: shape.pagesPerEntry,
  };
}

async function virtualPages(question: ByteQuestion, root: OpenedRoot, pages: readonly number[]): Promise<readonly BytePage[]> {
  const inside = pages.filter((page) => page < root.mode.pageCount);
  const ends = inside.map((page) => walk(root.forest, page));
  const wanted = ends.flatMap(({ end }) => (end.kind === 'mapped' ? [{ start: machineAddress(end.frame * FRAME_BYTES), length: FRAME_BYTES }] : []));
  const pieces = await question.image.read(wanted);
  let next = 0;
  const results: BytePage[] = [];
  for (const [i, page] of inside.entries()) {
    const end = ends[i]?.end;
    const piece = end?.kind === 'mapped' ? pieces[next++] : undefined;
    results.push(
      piece && end?.kind === 'mapped' ? framePage(question, end.frame, piece, 'virtual', page, page) : await unmappedPage(question, root, page),
    );
  }
  return results;
}

/** A page that no walk reaches: a text may have printed it all the same. */
async function unmappedPage(question: ByteQuestion, root: OpenedRoot, page: number): Promise<BytePage> {
  const frame = question.placedFrame?.(page);
  if (frame !== undefined) return placedPage(question, page, frame);
  const [piece] = (await question.unplaced?.read([{ start: machineAddress(page * FRAME_BYTES), length: FRAME_BYTES }])) ?? [];
  const reason = reasonFor(root, page);
  if (piece?.presence.some((run) => run.presence !== 'absent')) {
    return {
      space: 'virtual',
      page,
      bytes: piece.bytes,
      presence: piece.presence,
      virtualPage: page,
      note: `Printed in the text; the tables do not say which frame it is (${reason}).`,
    };
  }
  return { space: 'virtual', page, bytes: new Uint8Array(FRAME_BYTES), presence: wholly('absent', reason), virtualPage: page, reason };
}

async function placedPage(question: ByteQuestion, page: number, frame: number): Promise<BytePage> {
  const [piece] = await question.image.read([{ start: machineAddress(frame * FRAME_BYTES), length: FRAME_BYTES }]);
  invariant(piece, 'one range gives one piece');
  return framePage(question, frame, piece, 'virtual', page, page);
}

const wholly = (presence: PresenceRun['presence'], reason: string): readonly PresenceRun[] => [{ offset: 0, length: FRAME_BYTES, presence, reason }];

/** "not present: PDE 430 of PD[3] is zero". */
export function reasonFor(root: OpenedRoot, page: number): string {
  const { steps, end } = walk(root.forest, page);
  const last = steps.at(-1);
  if (!last) return 'the root table is not in this dump';
  const entry = `${root.mode.levels[last.level]?.entryName ?? 'entry'} ${commas(last.slot)} of ${root.names.nameOf(steps.slice(0, -1).map((step) => step.slot))}`;
  if (end.kind === 'table-absent') return `${entry} names a table that is not in this dump`;
  if (end.kind === 'entry-absent') return `${entry} is not in this dump`;
  if (end.kind === 'mapped') return `mapped at ${virtualHex(page, 0, root.mode.virtualBits)}`;
  if (last.entry.presence === 'assumed-zero') return `not present: ${entry} was left out of the text and is assumed zero`;
  return `not present: ${entry} ${last.entry.low === 0 && last.entry.high === 0 ? 'is zero' : 'has P clear, other bits set'}`;
}

/** A sparse file puts frames side by side that are none in memory: then a page of it has no one address. */
function isOneStretch(image: MemoryImage, offset: number, address: number): boolean {
  return image.addressAt(offset + FRAME_BYTES - 1) === address + FRAME_BYTES - 1;
}

/** @param length Bytes that the file has from there on, a page at most. */
function filePresence({ source, isUnpacked }: FileSpace, fileOffset: number, length: number): PresenceRun[] {
  const reason = `past the end of the ${isUnpacked ? 'unpacked ' : ''}file, ${commas(source.size)} bytes`;
  const held: PresenceRun = { offset: 0, length, presence: 'held', fileOffset };
  const past: PresenceRun = { offset: length, length: FRAME_BYTES - length, presence: 'absent', reason };
  return [held, past].filter((run) => run.length > 0);
}

async function filePage(question: ByteQuestion, page: number): Promise<BytePage> {
  const { image, root } = question;
  const { source } = question.file;
  const offset = page * FRAME_BYTES;
  const read = offset < source.size ? await source.read(offset, FRAME_BYTES) : new Uint8Array(0);
  const bytes = new Uint8Array(FRAME_BYTES);
  bytes.set(read);
  const address = image.addressAt(offset);
  const frame = address === undefined ? undefined : Math.floor(address / FRAME_BYTES);
  const seen = frame === undefined ? undefined : root?.pageSeeing(frame);
  const aligned = address !== undefined && address % FRAME_BYTES === 0;
  const table = root && aligned && frame !== undefined ? tableOf(root, frame) : undefined;
  return {
    space: 'file',
    page,
    bytes,
    presence: filePresence(question.file, offset, read.length),
    ...(aligned && frame !== undefined && { frame }),
    ...(!aligned && address !== undefined && isOneStretch(image, offset, address) && { machineBase: address }),
    ...(aligned && seen !== undefined && { virtualPage: seen }),
    ...(table && { table }),
  };
}
