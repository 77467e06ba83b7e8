import { quietTask } from '#core/base/task.ts';
import { type Opened, openDump } from '#core/formats/index.ts';
import { machineAddress } from '#core/memory/address.ts';
import { type ByteSource, bytesSource } from '#core/memory/byte-source.ts';
import type { MemoryPiece } from '#core/memory/memory-image.ts';
import type { Written } from './dump-writers.ts';

/** No single array, and no read, is larger: the files of these tests have some 300 KB. */
const MOST_BYTES = 32 * 2 ** 20;

const ARRAYS = ['Uint8Array', 'Uint16Array', 'Uint32Array', 'Int32Array', 'Float64Array', 'ArrayBuffer'] as const;

/** Throws at any array too large while `work` runs: headers may claim what they like, only what the file holds may cost memory. */
export async function withinMemory<T>(work: () => Promise<T>): Promise<T> {
  const before = ARRAYS.map((name) => globalThis[name]);
  for (const name of ARRAYS) Object.assign(globalThis, { [name]: watched(globalThis[name]) });
  try {
    return await work();
  } finally {
    for (const [index, name] of ARRAYS.entries()) Object.assign(globalThis, { [name]: before[index] });
  }
}

function watched<T extends new (...given: never[]) => object>(type: T): T {
  const unit = (type as { BYTES_PER_ELEMENT?: number }).BYTES_PER_ELEMENT ?? 1;
  return new Proxy(type, {
    construct(target, given: unknown[], newTarget) {
      const [length] = given;
      const count = typeof length === 'number' ? length : ((length as { length?: number } | undefined)?.length ?? 0);
      if (count * unit > MOST_BYTES) throw new Error(`an array of ${count * unit} bytes for a file of few`);
      return Reflect.construct(target, given, newTarget) as object;
    },
  });
}

/** A source by which every read asks for bytes at a sane place, and not too many. */
function strict(bytes: Uint8Array, name: string): ByteSource {
  const source = bytesSource(bytes, name);
  return {
    ...source,
    read: (offset, length) => {
      if (!(offset >= 0) || !(length >= 0) || length > MOST_BYTES * 4) throw new Error(`a read of ${length} bytes at ${offset}`);
      return source.read(offset, length);
    },
  };
}

/** Opened with its second file, if it has one; the name says nothing. */
export function openWritten({ file, beside }: Written): Promise<Opened> {
  const source = strict(file, 'A name that says nothing');
  return openDump(beside ? { ...source, companion: strict(beside, 'Another') } : source, quietTask);
}

/** A matcher of vitest's costs more than opening a dump does. */
function must(holds: boolean, what: string): void {
  if (!holds) throw new Error(what);
}

/** What must hold of any bytes: an answer, whose parts agree with each other and with the bytes. */
export async function checkAnswer(written: Written): Promise<Opened> {
  const opened = await openWritten(written);
  const { dump, format, source } = opened;
  must(format.how !== '', 'it is said how the format was recognised');
  const { extents, end } = dump.image;
  for (const { text } of dump.problems) must(/^[A-Z0-9].+\.?$/s.test(text), `a sentence, not “${text}”`);
  const hasReason = dump.problems.some(({ severity }) => severity !== 'note');
  must(extents.count > 0 || dump.text !== undefined || hasReason, 'where there is no memory it is said why');
  const asked = [0, end - 8, ...dump.roots.slice(0, 50).map(({ address }) => address), extents.start[extents.count - 1] ?? 0].filter((at) => at >= 0);
  for (const piece of await dump.image.read(asked.map((at) => ({ start: machineAddress(at), length: 4096 }))))
    await checkPiece(piece, source, dump.text !== undefined);
  return opened;
}

/** Held bytes are those of the source at the place told (a text holds digits there), within it; absent ones come with a reason. */
async function checkPiece({ bytes, presence }: MemoryPiece, source: ByteSource, isText: boolean): Promise<void> {
  must(bytes.length === 4096, 'all bytes asked for');
  for (const { presence: kind, reason = '', offset, length, fileOffset } of presence) {
    must(kind !== 'absent' || reason !== '', 'a reason where bytes are absent');
    if (fileOffset === undefined) continue;
    must(fileOffset + length <= source.size, `bytes at ${fileOffset} lie in the file`);
    const own = isText ? undefined : await source.read(fileOffset, length);
    must(own === undefined || Buffer.compare(own, bytes.subarray(offset, offset + length)) === 0, `bytes at ${fileOffset} are the file’s`);
  }
}
