import { commas } from '#core/base/hex.ts';
import type { Task } from '#core/base/task.ts';
import type { ByteSource } from '#core/memory/byte-source.ts';
import type { DumpFormat, Glimpse, OpenedDump, Recognition } from './format.ts';
import { HEADERS_BYTES, type KdumpHeader, magicOf, parseKdumpHeader } from './kdump/header.ts';
import type { KdumpPart } from './kdump/open-parts.ts';
import { stopped } from './stopped.ts';

/** Memory in packed pages, as makedumpfile and QEMU's dump-guest-memory -z, -l and -s write it (dump-formats, section 4). */
const kdump: DumpFormat = { id: 'kdump', label: 'kdump-compressed dump', recognise, open, pair: { recognise: recognisePair, open: openPair } };
export default kdump;

function recognise({ head }: Glimpse): Recognition | undefined {
  const magic = magicOf(head)?.trim();
  if (magic === undefined) return undefined;
  const header = parseKdumpHeader(head);
  return { certainty: 'magic', how: header === undefined ? `begins ${magic}` : `begins ${magic}, header version ${header.version}` };
}

async function open(source: ByteSource, task: Task): Promise<OpenedDump> {
  const part = await partOf(source);
  return 'image' in part ? part : (await import('./kdump/open-parts.ts')).openParts([part], task);
}

async function partOf(source: ByteSource): Promise<KdumpPart | OpenedDump> {
  const header = parseKdumpHeader(await source.read(0, HEADERS_BYTES));
  if (header === undefined) return stopped('kdump-header', 'The header of this kdump file makes no sense: it has no block size, or is cut.');
  if (header.blockBytes === 4096) return { source, header };
  return stopped('kdump-block', `Its pages have ${commas(header.blockBytes)} bytes: Pagewalk reads x86 page tables, whose frames have 4,096.`);
}

/** Two files of one split dump, the lower frames first. */
function recognisePair(low: Glimpse, high: Glimpse): Recognition | undefined {
  const [one, other] = [parseKdumpHeader(low.head), parseKdumpHeader(high.head)];
  if (!isBefore(one, other) || one?.identity !== other?.identity) return undefined;
  return { certainty: 'magic', how: 'both begin KDUMP and are files of one split dump' };
}

const isBefore = (one: KdumpHeader | undefined, other: KdumpHeader | undefined): boolean =>
  one?.split !== undefined && other?.split !== undefined && one.split.endFrame <= other.split.firstFrame;

async function openPair(low: ByteSource, high: ByteSource, task: Task): Promise<OpenedDump> {
  const [one, other] = [await partOf(low), await partOf(high)];
  if ('image' in one) return one;
  return 'image' in other ? other : (await import('./kdump/open-parts.ts')).openParts([one, other], task);
}
