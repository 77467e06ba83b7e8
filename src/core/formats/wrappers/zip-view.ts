import { bytesText, commas } from '#core/base/hex.ts';
import type { Problem } from '#core/base/problem.ts';
import type { Task } from '#core/base/task.ts';
import { BlockStore } from '#core/memory/block-store.ts';
import { type ByteSource, bytesSource } from '#core/memory/byte-source.ts';
import { together } from '#core/memory/companions.ts';
import { PartSource } from '#core/memory/part-source.ts';
import { SequentialReader } from '#core/memory/sequential-reader.ts';
import { inflateMember } from './inflate-member.ts';
import type { Breakage, View } from './wrapper.ts';
import { readDirectory, readLocalHeader, type ZipMember } from './zip-directory.ts';

const STORED = 0;
const DEFLATED = 8;
/** Their bytes are a whole file of bzip2, zstd or xz: the next wrapper takes that off (4.4.5). */
const WHOLE_FILES = [12, 93, 95];
const METHODS: Readonly<Record<number, string>> = { 1: 'shrink', 6: 'implode', 9: 'Deflate64', 14: 'LZMA', 98: 'PPMd' };

/**
 * The largest member of a zip file. One that is stored is read where it lies, others are inflated. Where exactly two are, the other comes
 * as its companion: a .vmem with its .vmss.
 */
export async function viewZip(source: ByteSource, task: Task, room: number): Promise<View> {
  const members = await readDirectory(source);
  const [largest, ...others] = (members ?? []).sort((a, b) => b.unpackedBytes - a.unpackedBytes);
  if (largest === undefined) return viewFirst(source, task, room);
  const view = await viewMember(source, largest, task, room);
  const [second] = others;
  if (second === undefined) return view;
  if (others.length > 1 || view.breakage !== undefined) return { ...view, problems: [othersOf(largest, others)] };
  const beside = await viewMember(source, second, task, room);
  return { ...view, source: together([view.source, beside.source]) };
}

/** Without a directory there is no more than the header that the file begins with. */
async function viewFirst(source: ByteSource, task: Task, room: number): Promise<View> {
  const first = await readLocalHeader(source, 0);
  const breakage = { fileOffset: source.size, reason: `its directory, which stands at the end, is missing at byte ${commas(source.size)}` };
  const view = first && (await viewMember(source, first.member, task, room));
  return { source: view?.source ?? bytesSource(new Uint8Array(0), source.name), breakage: view?.breakage ?? breakage };
}

async function viewMember(source: ByteSource, member: ZipMember, task: Task, room: number): Promise<View> {
  const header = await readLocalHeader(source, member.headerAt);
  if (header === undefined) return broken(member, member.headerAt, 'has no header');
  if (member.isEncrypted) return broken(member, member.headerAt, 'is encrypted');
  const part = new PartSource(source, header.dataAt, member.packedBytes, member.name);
  if (member.method === STORED || WHOLE_FILES.includes(member.method))
    return part.size < member.packedBytes ? cutView(source, member, part) : { source: part };
  if (member.method !== DEFLATED)
    return broken(member, member.headerAt, `is packed by ${METHODS[member.method] ?? `method ${member.method}`}, which is not read`);
  const store = new BlockStore(member.name, room);
  const fault = await inflateMember(new SequentialReader(part, task, 'unpacking zip'), member, store);
  return { source: store, isFull: store.isFull, ...(fault && { breakage: placed(fault, header.dataAt) }) };
}

const cutView = (source: ByteSource, { name }: ZipMember, part: ByteSource): View => ({
  source: part,
  breakage: { fileOffset: source.size, reason: `it ends before ${name} is complete, at byte ${commas(source.size)}` },
});

const placed = ({ fileOffset, reason }: Breakage, dataAt: number): Breakage => {
  const at = dataAt + fileOffset;
  return { fileOffset: at, reason: `${reason} at byte ${commas(at)}` };
};

const broken = ({ name }: ZipMember, fileOffset: number, why: string): View => ({
  source: bytesSource(new Uint8Array(0), name),
  breakage: { fileOffset, reason: `${name}, at byte ${commas(fileOffset)}, ${why}` },
});

const NAMED = 5;

function othersOf(largest: ZipMember, others: readonly ZipMember[]): Problem {
  const names = others.slice(0, NAMED).map(({ name }) => name);
  const rest = others.length > NAMED ? ` and ${commas(others.length - NAMED)} more` : '';
  return {
    kind: 'zip-others',
    text: `The zip file holds ${commas(others.length + 1)} files. The largest is opened: ${largest.name} (${bytesText(largest.unpackedBytes)}). The others are ${names.join(', ')}${rest}.`,
    severity: 'note',
  };
}
