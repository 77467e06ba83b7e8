import { commas } from '#core/base/hex.ts';
import { invariant } from '#core/base/invariant.ts';
import type { Task } from '#core/base/task.ts';
import type { ByteSource } from '#core/memory/byte-source.ts';
import type { DumpFormat, Glimpse, JoinedFormat, OpenedDump, Recognition } from './format.ts';
import { HEADERS_BYTES, magicOf, parseKdumpHeader } from './kdump/header.ts';
import type { KdumpPart } from './kdump/open-parts.ts';
import { stopped } from './stopped.ts';

/** Memory in packed pages, as makedumpfile and QEMU's dump-guest-memory -z, -l and -s write it (dump-formats, section 4). */
const kdump: DumpFormat = { id: 'kdump', label: 'kdump-compressed dump', recognise, open, joined: { recognise: recogniseParts, open: openAll } };
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

/** Files of one split dump, in the order of their frames. A file that tells of frames told already, as one given twice, is left out. */
function recogniseParts(files: readonly Glimpse[]): ReturnType<JoinedFormat['recognise']> {
  const parts = files.flatMap(({ head }, at) => {
    const header = parseKdumpHeader(head);
    return header?.split ? [{ at, identity: header.identity, ...header.split }] : [];
  });
  const [first] = parts;
  const order: number[] = [];
  let end = 0;
  for (const { at, identity, firstFrame, endFrame } of parts.sort((a, b) => a.firstFrame - b.firstFrame || a.endFrame - b.endFrame)) {
    if (identity !== first?.identity || firstFrame < end) continue;
    order.push(at);
    end = endFrame;
  }
  if (order.length < 2) return undefined;
  return { certainty: 'magic', order, how: `all ${order.length} begin KDUMP and are files of one split dump` };
}

async function openAll(files: readonly ByteSource[], task: Task): Promise<OpenedDump> {
  const parts: KdumpPart[] = [];
  for (const file of files) {
    const part = await partOf(file);
    if ('image' in part) return part;
    parts.push(part);
  }
  const [first, ...others] = parts;
  invariant(first !== undefined, 'a joined dump has files');
  return (await import('./kdump/open-parts.ts')).openParts([first, ...others], task);
}
