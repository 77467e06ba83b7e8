import { bytesText, commas } from '#core/base/hex.ts';
import { invariant } from '#core/base/invariant.ts';
import type { Problem } from '#core/base/problem.ts';
import type { Task } from '#core/base/task.ts';
import { BlockStore } from '#core/memory/block-store.ts';
import type { ByteSource } from '#core/memory/byte-source.ts';
import { SequentialReader } from '#core/memory/sequential-reader.ts';
import type { Breakage, View, Wrapper } from './wrapper.ts';

const wrappers: readonly Wrapper[] = Object.values(import.meta.glob<Wrapper>('./*.wrapper.ts', { eager: true, import: 'default' }));

/** A wrapper in a wrapper is met (a .gz sent on as .zst); more than three is a trick. */
const MOST_WRAPPERS = 3;
/** Of blocks that are not zero, of all files of one dump. A browser tab has some 4 GB at most. */
export const MOST_STORED_BYTES = 4 * 1024 ** 3;
const LONGEST_MAGIC = 16;

export interface Unwrapped {
  readonly source: ByteSource;
  /** Ids, outermost first. */
  readonly wrappers: readonly string[];
  readonly problems: readonly Problem[];
  /** Room that what was inflated takes. */
  readonly storedBytes: number;
}

/** Takes off what a file is wrapped in. A damaged wrapper gives what came before the damage, and a problem. @throws Cancelled */
export async function unwrap(file: ByteSource, task: Task, mostStoredBytes = MOST_STORED_BYTES): Promise<Unwrapped> {
  const ids: string[] = [];
  const problems: Problem[] = [];
  let source = file;
  let storedBytes = 0;
  while (ids.length < MOST_WRAPPERS) {
    const head = await source.read(0, LONGEST_MAGIC);
    const wrapper = wrappers.find((candidate) => candidate.recognise(head));
    if (wrapper === undefined) break;
    const unwrapped = await takeOff(wrapper, source, task, Math.max(0, mostStoredBytes - storedBytes));
    problems.push(...unwrapped.problems);
    ids.push(wrapper.id);
    source = unwrapped.source;
    if (source instanceof BlockStore) storedBytes += source.storedBytes;
  }
  return { source, wrappers: ids, problems, storedBytes };
}

async function takeOff(wrapper: Wrapper, source: ByteSource, task: Task, mostStoredBytes: number): Promise<Pick<Unwrapped, 'source' | 'problems'>> {
  const view = await wrapper.view?.(source, task, mostStoredBytes);
  if (view !== undefined) return { source: view.source, problems: problemsOfView(wrapper.id, view) };
  invariant('inflate' in wrapper, 'what has no view is inflated');
  const store = new BlockStore(source.name, mostStoredBytes);
  const breakage = await wrapper.inflate(new SequentialReader(source, task, `unpacking ${wrapper.id}`), store);
  return { source: store, problems: problemsOfView(wrapper.id, { source: store, isFull: store.isFull, ...(breakage && { breakage }) }) };
}

function problemsOfView(id: string, { source, isFull, breakage, problems }: View): Problem[] {
  const loss = isFull === true ? [tooLarge(id, source)] : problemsOf(id, source, breakage);
  return [...loss, ...(problems ?? [])];
}

function problemsOf(id: string, unwrapped: ByteSource, breakage: Breakage | undefined): Problem[] {
  if (breakage === undefined) return [];
  const { fileOffset, reason } = breakage;
  const text = `The ${id} stream cannot be read to its end: ${reason}. The ${commas(unwrapped.size)} bytes before that are used.`;
  return [{ kind: `${id}-broken`, text, severity: 'loss', fileOffset }];
}

function tooLarge(id: string, store: ByteSource): Problem {
  return {
    kind: `${id}-too-large`,
    text: `Unpacked, the ${id} stream needs more memory than there is: the first ${bytesText(store.size)} are used. Unpack it on disk and open the file it gives.`,
    severity: 'loss',
  };
}
