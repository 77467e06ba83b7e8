import { commas } from '#core/base/hex.ts';
import type { Task } from '#core/base/task.ts';
import type { ByteSource } from '#core/memory/byte-source.ts';
import type { Certainty, DumpFormat, FormatOptions, Glimpse, OpenedDump, Recognition } from './format.ts';
import { stopped } from './stopped.ts';

/** Every dump format: one file each. Formats keep what is large behind an import() of their own, so this list stays small. */
export const formats: readonly DumpFormat[] = Object.values(import.meta.glob<DumpFormat>('./*.format.ts', { eager: true, import: 'default' }));

export interface Opened {
  readonly dump: OpenedDump;
  readonly format: { readonly id: string; readonly label: string; readonly how: string; readonly wrappers: readonly string[] };
  /** The bytes that the image's file offsets count: the file itself, or what its wrapper held. */
  readonly source: ByteSource;
}

export interface DumpOptions extends FormatOptions {
  /** Open as this format whatever the bytes look like. */
  readonly formatId?: string;
}

/**
 * Opens a dump by what its bytes are; the name is never looked at. Whatever the bytes hold, this answers with problems.
 * @throws Cancelled, and what `source.read` throws.
 */
export async function openDump(source: ByteSource, task: Task, options: DumpOptions = {}): Promise<Opened> {
  const choice = chooseFormat(await glimpse(source), options.formatId);
  if (choice === undefined) return unknownFormat(source, options.formatId ?? '');
  const { format, how } = choice;
  task.check();
  const dump = await format.open(source, task, options);
  return { dump, format: { id: format.id, label: format.label, how, wrappers: [] }, source };
}

const HEAD_BYTES = 64 * 1024;
const TAIL_BYTES = 4 * 1024;

async function glimpse(source: ByteSource): Promise<Glimpse> {
  const head = await source.read(0, HEAD_BYTES);
  const tail = source.size <= head.length ? head.subarray(-TAIL_BYTES) : await source.read(Math.max(0, source.size - TAIL_BYTES), TAIL_BYTES);
  return { head, tail, size: source.size };
}

interface Choice {
  readonly format: DumpFormat;
  readonly how: string;
}

const RANK: Readonly<Record<Certainty, number>> = { magic: 3, structure: 2, fallback: 1 };

function chooseFormat(seen: Glimpse, forced: string | undefined): Choice | undefined {
  if (forced !== undefined) {
    const format = formats.find(({ id }) => id === forced);
    return format === undefined ? undefined : { format, how: 'chosen by hand' };
  }
  const found = formats.flatMap((format) => {
    const recognition: Recognition | undefined = format.recognise(seen);
    return recognition === undefined ? [] : [{ format, how: recognition.how, rank: RANK[recognition.certainty] }];
  });
  return found.sort((a, b) => b.rank - a.rank)[0];
}

function unknownFormat(source: ByteSource, id: string): Opened {
  const known = formats.map((format) => format.id).join(', ');
  const dump = stopped('format-unknown', `There is no dump format "${id}"; there are ${known}. The file has ${commas(source.size)} bytes.`);
  return { dump, format: { id, label: id, how: 'chosen by hand', wrappers: [] }, source };
}
