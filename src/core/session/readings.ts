import { commas, hex, parseHex, parseVirtual, virtualHex } from '#core/base/hex.ts';
import type { TextAnnotation } from '#core/formats/text/annotation.ts';
import { type VirtualAddress, virtualPage } from '#core/memory/address.ts';
import type { MemoryImage } from '#core/memory/memory-image.ts';
import { walk } from '#core/tables/walk.ts';
import { reasonFor } from './byte-pages.ts';
import type { ImageSummary, Reading, Readings, Region } from './contract.ts';
import type { FileSpace } from './file-places.ts';
import type { OpenedRoot } from './opened-root.ts';
import { presenceOf } from './presence-of.ts';
import { regionAt } from './region-at.ts';
import { isForFrame, slipOf, wideEntry } from './slip.ts';

/** What the address box knows when it reads a text. */
export interface ReadingQuestion {
  readonly image: MemoryImage;
  /** Undefined where none is chosen: then only machine memory and the file have addresses. */
  readonly root: OpenedRoot | undefined;
  readonly regions: readonly Region[];
  readonly frameWord: ImageSummary['frameWord'];
  readonly file: FileSpace;
  /** What a text says besides its rows: the commands that failed. */
  readonly annotations: readonly TextAnnotation[];
}

/** A reading with how good it is: mapped or held ones come first. */
type Ranked = Reading & { readonly rank: number };

const EXAMPLES =
  'Write hex (F5800000, 0xfbc00), decimal with a dot at its end (4096.), a sign for relative (+1000, -8), or name the space: va:, frame:, machine:, file:.';

/** Where relative input counts from: the virtual byte selected, or the machine byte looked at. */
export type Near = VirtualAddress | { readonly machine: number };

/** Every way a text may be meant, best first; slips are named, never mended. */
export function readingsOf(question: ReadingQuestion, text: string, near: Near): Readings {
  const bare = text.trim();
  if (bare === '') return { readings: [], problem: EXAMPLES };
  const relative = /^([+-])\s*(.+)$/.exec(bare);
  if (relative) return relativeReading(question, relative[1] === '-' ? -1 : 1, relative[2] ?? '', near);
  const named = /^(va|virtual|mfn|pfn|frame|pa|ma|machine|physical|file)\s*[:=\s]\s*(.+)$/i.exec(bare);
  const found = named ? inSpace(question, (named[1] ?? '').toLowerCase(), named[2] ?? '') : anyReading(question, bare);
  if (found.length === 0) return { readings: [], problem: noReading(question, bare, named?.[1]) };
  const slip = named ? undefined : slipOf(question, bare);
  return { readings: found.sort((a, b) => b.rank - a.rank).map(({ rank: _, ...reading }) => reading), ...(slip !== undefined && { slip }) };
}

/** Why nothing was read: what the text looks like, or what is missing. */
function noReading(question: ReadingQuestion, bare: string, space = ''): string {
  if (/^(va|virtual)$/i.test(space) && !question.root) return 'A virtual address needs a root: choose or type one.';
  if (/^pfn$/i.test(space)) return 'A PFN is the guest’s own number: only the P2M tells its machine frame.';
  return wideEntry(bare) ?? `“${bare}” is no address. ${EXAMPLES}`;
}

function relativeReading(question: ReadingQuestion, sign: 1 | -1, text: string, near: Near): Readings {
  const distance = numberIn(text);
  if (distance === undefined) return { readings: [], problem: `“${text}” is no number to add. ${EXAMPLES}` };
  const reading = 'machine' in near ? machineFrom(question, near.machine + sign * distance) : virtualFrom(question, near, sign * distance);
  if (!reading) return { readings: [], problem: `${sign < 0 ? '-' : '+'}${hex(distance)} from here leaves the address space.` };
  return { readings: [reading] };
}

const machineFrom = (question: ReadingQuestion, value: number): Reading | undefined => (value < 0 ? undefined : machineReading(question, value));

function virtualFrom({ root, regions }: ReadingQuestion, near: VirtualAddress, distance: number): Reading | undefined {
  const byte = near.offset + distance;
  const page = near.page + Math.floor(byte / 4096);
  if (!root || page < 0 || page >= root.mode.pageCount) return undefined;
  return virtualReading(root, regions, { page: virtualPage(page), offset: ((byte % 4096) + 4096) % 4096 });
}

/** Hex, or decimal when it ends in a dot or has thousands commas. */
function numberIn(text: string): number | undefined {
  const bare = text.trim();
  if (/^\d{1,3}(,\d{3})+$/.test(bare) || /^\d+\.$/.test(bare)) return Number(bare.replace(/[,.]/g, ''));
  return parseHex(bare);
}

function inSpace(question: ReadingQuestion, space: string, text: string): Ranked[] {
  if (space === 'va' || space === 'virtual') return virtualReadings(question, text);
  const value = numberIn(text);
  if (value === undefined) return [];
  if (space === 'file') return fileReadings(question, value);
  if (space === 'pfn' && question.frameWord === 'MFN') return [];
  return space === 'mfn' || space === 'pfn' || space === 'frame' ? [frameReading(question, value)] : [machineReading(question, value)];
}

function anyReading(question: ReadingQuestion, text: string): Ranked[] {
  const value = numberIn(text);
  const decimal = /^\d+$/.test(text) ? Number(text) : undefined;
  return [
    ...virtualReadings(question, text),
    ...(value === undefined ? [] : [frameReading(question, value), machineReading(question, value)]),
    ...(decimal === undefined ? [] : fileReadings(question, decimal)),
    ...(decimal === undefined || decimal === value ? [] : decimalReadings(question, decimal)),
  ];
}

function virtualReadings({ root, regions }: ReadingQuestion, text: string): Ranked[] {
  if (!root) return [];
  const decimal = /^\d+\.$|,/.test(text.trim()) ? numberIn(text) : undefined;
  const read = decimal === undefined ? parseVirtual(text, root.mode.virtualBits) : { page: Math.floor(decimal / 4096), offset: decimal % 4096 };
  if (!read || read.page >= root.mode.pageCount) return [];
  return [virtualReading(root, regions, { page: virtualPage(read.page), offset: read.offset })];
}

function virtualReading(root: OpenedRoot, regions: readonly Region[], address: VirtualAddress): Ranked {
  const mapped = walk(root.forest, address.page).end.kind === 'mapped';
  const name = regionAt(regions, address.page)?.name;
  const leadsTo = mapped ? (name ?? 'mapped') : reasonFor(root, address.page);
  return {
    label: `virtual address ${virtualHex(address.page, address.offset, root.mode.virtualBits)}`,
    leadsTo,
    target: { kind: 'virtual', address },
    rank: mapped ? 4 : 2.5,
  };
}

function decimalReadings({ root, regions }: ReadingQuestion, value: number): Ranked[] {
  const page = Math.floor(value / 4096);
  if (!root || page >= root.mode.pageCount) return [];
  const reading = virtualReading(root, regions, { page: virtualPage(page), offset: value % 4096 });
  return [{ ...reading, label: `decimal: ${reading.label}`, rank: reading.rank - 2 }];
}

function frameReading(question: ReadingQuestion, frame: number): Ranked {
  const known = presenceOf(question.image, frame * 4096);
  return {
    label: `${question.frameWord} ${hex(frame)}`,
    leadsTo: frameLeadsTo(question, frame),
    target: { kind: 'frame', frame, offset: 0 },
    rank: known.presence === 'absent' ? 1 : 3,
  };
}

function machineReading(question: ReadingQuestion, value: number): Ranked {
  const frame = Math.floor(value / 4096);
  const offset = value % 4096;
  const known = presenceOf(question.image, value);
  const label = `${addressWord(question)} ${hex(value)}`;
  return {
    label,
    leadsTo: `frame ${hex(frame)}, byte ${hex(offset, 3)}: ${frameLeadsTo(question, frame)}`,
    target: { kind: 'frame', frame, offset },
    rank: machineRank(question, value, known.presence === 'absent'),
  };
}

/** Above a virtual address that nothing maps where the number is whole pages of a frame that the tables name, below one that is mapped. */
function machineRank(question: ReadingQuestion, value: number, isAbsent: boolean): number {
  if (value % 4096 === 0 && isForFrame(question, value)) return 2.75;
  return isAbsent ? 0.5 : 2;
}

const addressWord = ({ frameWord }: ReadingQuestion): string => (frameWord === 'MFN' ? 'machine address' : 'guest-physical address');

function frameLeadsTo(question: ReadingQuestion, frame: number): string {
  const { root, image } = question;
  const table = root?.names.pathOfFrame(frame);
  if (root && table) return `page table ${root.names.nameOf(table)}`;
  const known = presenceOf(image, frame * 4096);
  if (known.presence === 'absent') return known.reason ?? 'not in this dump';
  if (!root) return 'held';
  const page = root.pageSeeing(frame);
  return page === undefined ? 'held, mapped by no page of this root' : `mapped at ${virtualHex(page, 0, root.mode.virtualBits)}`;
}

function fileReadings(question: ReadingQuestion, offset: number): Ranked[] {
  if (offset >= question.file.source.size) return [];
  const memory = question.image.addressAt(offset);
  const leadsTo = memory === undefined ? 'no memory there: headers or text' : `${addressWord(question)} ${hex(memory)}`;
  return [
    {
      label: `${question.file.isUnpacked ? 'unpacked byte' : 'file offset'} ${commas(offset)}`,
      leadsTo,
      target: { kind: 'file', offset },
      rank: 0.8,
    },
  ];
}
