import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { Output } from '#cli/output.ts';

test('waiting for a slow reader many times leaves no listeners behind', async () => {
  const stream = new PassThrough({ highWaterMark: 1 });
  const out = new Output(stream);
  const listening = () => ['drain', 'close', 'error'].map((event) => stream.listenerCount(event));
  const before = listening();
  let read = '';
  for (let turn = 0; turn < 30; turn++) {
    await out.line(`line ${turn}`);
    const flushed = out.flush();
    read += String(stream.read() ?? '');
    await flushed;
  }
  expect(listening()).toEqual(before);
  expect(read.split('\n')).toHaveLength(31);
});

test('a reader that goes away ends the writing', async () => {
  const stream = new PassThrough({ highWaterMark: 1 });
  const out = new Output(stream);
  await out.line('line');
  const flushed = out.flush();
  stream.destroy(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }));
  await flushed;
  expect(out.isGone).toBe(true);
});
