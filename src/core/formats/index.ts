import { commas } from '#core/base/hex.ts';
import { invariant } from '#core/base/invariant.ts';
import type { Problem } from '#core/base/problem.ts';
import type { Task } from '#core/base/task.ts';
import type { ByteSource } from '#core/memory/byte-source.ts';
import { filesOf, together, withoutCompanion } from '#core/memory/companions.ts';
import { isLossy, withLosses } from '#core/memory/lossy-source.ts';
import type { MemoryImage } from '#core/memory/memory-image.ts';
import type { Certainty, DumpFormat, FormatOptions, Glimpse, OpenedDump, Recognition } from './format.ts';
import { type Known, knownFile, proseIn } from './known-files.ts';
import { stopped } from './stopped.ts';
import { MOST_STORED_BYTES, type Unwrapped, unwrap } from './wrappers/unwrap.ts';

/** Every dump format: one file each. Formats keep what is large behind an import() of their own, so this list stays small. */
export const formats: readonly DumpFormat[] = Object.values(import.meta.glob<DumpFormat>('./*.format.ts', { eager: true, import: 'default' }));

export interface Opened {
  readonly dump: OpenedDump;
  readonly format: { readonly id: string; readonly label: string; readonly how: string; readonly wrappers: readonly string[] };
  /** The bytes that the image's file offsets count: the file itself, or what its wrapper held. */
  readonly source: ByteSource;
  /** The file that was opened; its companion is left out where nothing was read of it. Two that belong together come in one order. */
  readonly file: ByteSource;
}

export interface DumpOptions extends FormatOptions {
  /** Open as this format whatever the bytes look like. */
  readonly formatId?: string;
}

/**
 * Opens a dump by what its bytes are, taking off what it is wrapped in first; the name is never looked at. Whatever the bytes hold, this
 * answers with problems.
 * @throws Cancelled, and what `source.read` throws.
 */
export async function openDump(file: ByteSource, task: Task, options: DumpOptions = {}): Promise<Opened> {
  const files = filesOf(file);
  const [, ...others] = files;
  const all = await takenOff(options.formatId === undefined ? files : [file], task);
  const joined = all.length > 1 ? await openJoined(all, task) : undefined;
  if (joined !== undefined) return joined;
  const [first] = all;
  invariant(first !== undefined, 'a source is one of its files');
  const opened = await openAlone(first, task, options);
  if (others.length === 0) return opened;
  return { ...opened, dump: { ...opened.dump, problems: [notOfIt(file, others), ...opened.dump.problems] } };
}

/** A file, and what it holds. */
type TakenOff = { readonly file: ByteSource } & Unwrapped;

/** They share the room there is: what the first takes, the others cannot. */
async function takenOff(files: readonly ByteSource[], task: Task): Promise<TakenOff[]> {
  const all: TakenOff[] = [];
  let room = MOST_STORED_BYTES;
  for (const file of files.map(withoutCompanion)) {
    const unwrapped = await unwrap(file, task, room);
    room = Math.max(0, room - unwrapped.storedBytes);
    all.push({ file, ...unwrapped });
  }
  return all;
}

async function openAlone(unwrapped: TakenOff, task: Task, options: DumpOptions): Promise<Opened> {
  const { file, source, wrappers } = unwrapped;
  task.check();
  const [, ...beside] = options.formatId === undefined ? filesOf(source) : [];
  const joined = beside.length > 0 ? await openJoined(await takenOff(filesOf(source), task), task) : undefined;
  if (joined !== undefined) return withinWrapper(unwrapped, joined);
  const problems = beside.length > 0 ? [...unwrapped.problems, notOfIt(source, beside)] : unwrapped.problems;
  const choice = chooseFormat(await glimpse(source), options.formatId);
  const dump = await choice.open(source, task, options);
  const { id, label, how } = choice;
  const whole = { ...dump, image: imageOver(source, dump), problems: [...problems, ...choice.problems, ...placedIn(wrappers, dump.problems)] };
  return { dump: whole, format: { id, label, how, wrappers }, source: dump.bytes ?? source, file };
}

/** Two files of one container. */
function withinWrapper({ file, wrappers, problems }: TakenOff, { dump, format, source }: Opened): Opened {
  const whole = { ...dump, problems: [...problems, ...placedIn(wrappers, dump.problems)] };
  return { dump: whole, format: { ...format, wrappers: [...wrappers, ...format.wrappers] }, source, file };
}

/** What a wrapper finds damaged when it is read is absent from the image, with the reason. */
const imageOver = (source: ByteSource, { image, bytes }: OpenedDump): MemoryImage =>
  bytes === undefined && isLossy(source) ? withLosses(image, source) : image;

/** The files that a format knows to be one dump, in its order; undefined where none does. */
async function openJoined(all: readonly TakenOff[], task: Task): Promise<Opened | undefined> {
  const seen = await Promise.all(all.map(({ source }) => glimpse(source)));
  for (const { id, label, joined } of formats) {
    const found = joined?.recognise(seen);
    const [first, ...others] = found?.order.flatMap((at) => all[at] ?? []) ?? [];
    if (joined === undefined || found === undefined || first === undefined) continue;
    const files = [first, ...others];
    const dump = await joined.open(
      files.map(({ source }) => source),
      task,
    );
    const unused = all.flatMap(({ file }, at) => (found.order.includes(at) ? [] : [file]));
    const problems = [...files.flatMap((file) => file.problems), ...placedIn(first.wrappers, dump.problems)];
    return {
      dump: { ...dump, image: imageOver(first.source, dump), problems: unused.length > 0 ? [notOfIt(first.file, unused), ...problems] : problems },
      ...{ format: { id, label, how: found.how, wrappers: first.wrappers }, source: dump.bytes ?? first.source },
      file: together([first.file, ...others.map(({ file }) => file)]),
    };
  }
  return undefined;
}

/** Problems found in what a wrapper held have their places there. */
const placedIn = (wrappers: readonly string[], problems: readonly Problem[]): readonly Problem[] =>
  wrappers.length === 0 ? problems : problems.map((problem) => (problem.fileOffset === undefined ? problem : { ...problem, inUnpacked: true }));

/** Files named at most; a folder of them may have been dropped. */
const MOST_NAMED = 4;

function notOfIt(file: ByteSource, others: readonly ByteSource[]): Problem {
  const [other, ...more] = others;
  const names = others.slice(0, MOST_NAMED).map(({ name }) => name);
  const rest = others.length > MOST_NAMED ? ` and ${commas(others.length - MOST_NAMED)} more` : '';
  return {
    kind: 'companion-unused',
    text:
      more.length === 0
        ? `The files ${file.name} and ${other?.name ?? ''} are no two parts of one dump (as a .vmem and its .vmss are): the first was opened alone.`
        : `Of the files that came together with ${file.name} these are no parts of the same dump, and were not opened: ${names.join(', ')}${rest}.`,
    severity: 'note',
  };
}

const HEAD_BYTES = 64 * 1024;
const TAIL_BYTES = 4 * 1024;

async function glimpse(source: ByteSource): Promise<Glimpse> {
  const head = await source.read(0, HEAD_BYTES);
  const tail = source.size <= head.length ? head.subarray(-TAIL_BYTES) : await source.read(Math.max(0, source.size - TAIL_BYTES), TAIL_BYTES);
  return { head, tail, size: source.size };
}

interface Choice {
  readonly id: string;
  readonly label: string;
  readonly how: string;
  readonly open: DumpFormat['open'];
  readonly problems: readonly Problem[];
}

/** A format sure by its magic, else a known file that is none, else the most certain format: raw takes all that is left. */
function chooseFormat(seen: Glimpse, forced: string | undefined): Choice {
  if (forced !== undefined) return forcedFormat(forced);
  const found = recognitions(seen);
  const best = found[0];
  const known = best && knownFor(best.certainty, seen.head);
  if (known !== undefined) return { ...known, open: async () => stopped('format-not-read', known.text), problems: [] };
  invariant(best !== undefined, 'raw recognises everything');
  const rivals = found.slice(1).filter(({ certainty }) => certainty === best.certainty && certainty !== 'fallback');
  return { ...choiceOf(best.format, best.how), problems: rivals.slice(0, 1).map((rival) => tie(best, rival)) };
}

function knownFor(certainty: Certainty, head: Uint8Array): Known | undefined {
  if (certainty === 'magic') return undefined;
  return knownFile(head) ?? (certainty === 'fallback' ? proseIn(head) : undefined);
}

function choiceOf(format: DumpFormat, how: string): Choice {
  return { id: format.id, label: format.label, how, problems: [], open: (source, task, options) => format.open(source, task, options) };
}

function forcedFormat(id: string): Choice {
  const how = 'chosen by hand';
  const format = formats.find((candidate) => candidate.id === id);
  if (format !== undefined) return choiceOf(format, how);
  const known = formats.map((candidate) => candidate.id).join(', ');
  return { id, label: id, how, problems: [], open: async () => stopped('format-unknown', `There is no dump format "${id}". There are ${known}.`) };
}

interface Candidate extends Recognition {
  readonly format: DumpFormat;
}

const RANK: Readonly<Record<Certainty, number>> = { magic: 3, structure: 2, fallback: 1 };

/** Most certain first; equals by id, so that the answer is always the same. */
function recognitions(seen: Glimpse): Candidate[] {
  const found = formats.flatMap((format): Candidate[] => {
    const recognition = format.recognise(seen);
    return recognition === undefined ? [] : [{ ...recognition, format }];
  });
  return found.sort((a, b) => RANK[b.certainty] - RANK[a.certainty] || (a.format.id < b.format.id ? -1 : 1));
}

function tie(best: Candidate, rival: Candidate): Problem {
  return {
    kind: 'format-tie',
    text: `It may also be ${rival.format.label} (${rival.how}); opened as ${best.format.label}.`,
    severity: 'note',
  };
}
