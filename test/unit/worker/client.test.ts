import { describe, expect, test } from 'vitest';
import { Cancelled } from '#core/base/task.ts';
import type { BytePage, ImageSummary, Questions } from '#core/session/contract.ts';
import { DumpClient, type ReaderEvent } from '#worker/client.ts';
import type { OpenSession } from '#worker/reader.ts';
import { readersInProcess } from '../../support/readers.ts';

const image: ImageSummary = {
  name: 'a',
  fileSize: 4,
  fingerprint: '00',
  format: { id: 'raw', label: 'raw', how: 'nothing else fits', wrappers: [] },
  frameWord: 'frame',
  extents: [],
  extentsCut: false,
  heldBytes: 4,
  end: 4,
  roots: [],
  inferences: [],
  problems: [],
};
const root = { address: 0x1000, mode: 'pae' } as const;
const given = { kind: 'text', text: 'abcd', name: 'pasted' } as const;
const never = new AbortController().signal;

const workers = (answers: Partial<Questions>, opening: OpenSession = async () => session(answers)) => readersInProcess(opening);

const session = (answers: Partial<Questions>) => ({ summary: async () => image, ...answers }) as Questions;

async function opened(answers: Partial<Questions>) {
  const worker = workers(answers);
  const { client } = await DumpClient.open(worker.start, given, {}, () => undefined, never);
  const events: ReaderEvent[] = [];
  client.onEvent = (event) => events.push(event);
  return { client, worker, events };
}

describe('DumpClient', () => {
  test('opens, reports progress and answers', async () => {
    const steps: string[] = [];
    const opening: OpenSession = async (source, task) => {
      task.report({ step: `reading ${source.size} bytes`, done: 0 });
      return session({ nextMapped: async (_, page, direction) => page + direction });
    };
    const worker = workers({}, opening);
    const { client, image: seen } = await DumpClient.open(worker.start, given, {}, (progress) => steps.push(progress.step), never);
    expect(seen).toEqual(image);
    expect(steps).toEqual(['reading 4 bytes']);
    expect(await client.questions.nextMapped(root, 41, 1)).toBe(42);
    client.close();
  });

  test('an error inside reaches the page with its name and message', async () => {
    const { client } = await opened({
      atlas: async () => {
        throw new RangeError('table 5 is wrong');
      },
    });
    await expect(client.questions.atlas(root)).rejects.toMatchObject({ name: 'RangeError', message: 'table 5 is wrong' });
    client.close();
  });

  test('what cannot be cloned still rejects', async () => {
    const { client } = await opened({ considerRoot: async () => ({ reason: () => 'a function' }) as never });
    await expect(client.questions.considerRoot(1)).rejects.toBeInstanceOf(Error);
    client.close();
  });

  test('opening that fails rejects and ends the worker', async () => {
    const worker = workers({}, async () => {
      throw new Error('no such format');
    });
    await expect(DumpClient.open(worker.start, given, {}, () => undefined, never)).rejects.toThrow('no such format');
  });

  test('a window on a large buffer arrives alone, and the session keeps its bytes', async () => {
    const cache = new Uint8Array(65_536).fill(7);
    const page = (bytes: Uint8Array) => ({ space: 'machine', page: 0, bytes, presence: [] }) as BytePage;
    const { client } = await opened({ readPages: async () => [page(cache.subarray(4096, 8192))] });
    const [first] = await client.questions.readPages(root, 'machine', 0, 1);
    expect(first?.bytes.buffer.byteLength).toBe(4096);
    expect(cache.byteLength).toBe(65_536);
    client.close();
  });

  test('cancel of the opening rejects with Cancelled', async () => {
    const abort = new AbortController();
    const worker = workers({}, () => new Promise(() => undefined));
    const opening = DumpClient.open(worker.start, given, {}, () => undefined, abort.signal);
    abort.abort();
    await expect(opening).rejects.toBeInstanceOf(Cancelled);
  });

  test('cancel of a long question rejects with Cancelled', async () => {
    const opening: OpenSession = async (_, task) =>
      session({
        atlas: async () => {
          for (;;) {
            await new Promise((next) => setTimeout(next, 1));
            task.check();
          }
        },
      });
    const worker = workers({}, opening);
    const { client } = await DumpClient.open(worker.start, given, {}, () => undefined, never);
    const atlas = client.questions.atlas(root);
    client.cancel();
    await expect(atlas).rejects.toBeInstanceOf(Cancelled);
    client.close();
  });

  test('a dead worker is replaced, the dump opened again and the question asked again', async () => {
    let asked = 0;
    const { client, worker, events } = await opened({
      nextMapped: () => (++asked === 1 ? new Promise<undefined>(() => undefined) : Promise.resolve(5)),
    });
    const answer = client.questions.nextMapped(root, 1, 1);
    await new Promise((next) => setTimeout(next, 20));
    worker.breakLast('out of memory');
    expect(await answer).toBe(5);
    expect(worker.started()).toBe(2);
    expect(events.map((event) => event.kind)).toEqual(['restarting', 'restarted']);
    client.close();
  });

  test('a question that kills two readers rejects, later ones are answered', async () => {
    const { client, worker } = await opened({
      nextMapped: () => new Promise<undefined>(() => undefined),
      considerRoot: async () => ({ origin: 'typed' }) as never,
    });
    const deadly = client.questions.nextMapped(root, 1, 1);
    const outcome = expect(deadly).rejects.toThrow('stopped 2 times');
    for (const _ of [1, 2]) {
      await client.questions.considerRoot(1);
      worker.breakLast('out of memory');
    }
    await outcome;
    expect(await client.questions.considerRoot(1)).toEqual({ origin: 'typed' });
    client.close();
  });

  test('a reader that cannot be started again rejects everything', async () => {
    let opens = 0;
    const worker = workers({}, async () => {
      if (++opens > 1) throw new Error('the file changed on disk');
      return session({ nextMapped: () => new Promise<undefined>(() => undefined) });
    });
    const { client } = await DumpClient.open(worker.start, given, {}, () => undefined, never);
    const waiting = expect(client.questions.nextMapped(root, 1, 1)).rejects.toThrow('changed on disk');
    worker.breakLast('gone');
    await waiting;
    await expect(client.questions.summary()).rejects.toThrow('changed on disk');
  });

  test('closing rejects what waits', async () => {
    const { client } = await opened({ nextMapped: () => new Promise<undefined>(() => undefined) });
    const waiting = client.questions.nextMapped(root, 1, 1);
    client.close();
    await expect(waiting).rejects.toBeInstanceOf(Cancelled);
  });
});
