import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import regions from '#cli/commands/regions.command.ts';
import { parseArguments } from '#cli/options.ts';
import { Output } from '#cli/output.ts';
import { quietTask } from '#core/base/task.ts';
import { bytesSource } from '#core/memory/byte-source.ts';
import { openSession } from '#core/session/session.ts';
import { guestDump } from '../../support/guest-dump.ts';

async function list(bytes: Uint8Array, ...args: string[]) {
  const stream = new PassThrough();
  const out = new Output(stream);
  const notes: string[] = [];
  const session = await openSession(bytesSource(bytes), quietTask);
  await regions.run({ session, options: parseArguments(args).options, operands: [], out, note: (text) => notes.push(text) });
  await out.flush();
  return { text: String(stream.read() ?? ''), notes };
}

test('machine memory with its holes, then the regions of the root, high to low', async () => {
  const { text } = await list(guestDump());
  expect(text).toContain('  0002f0000–0002f0fff          4 KB  held\n');
  expect(text).toMatch(/000000000–0002effff\s+2.9 MB {2}hole {4}in a gap of the dump/);
  const starts = [...text.matchAll(/^ {2}([0-9A-F]{8})–[0-9A-F]{8} {2}/gm)].map((match) => match[1]);
  expect(starts.length).toBeGreaterThan(3);
  expect(starts).toEqual([...starts].sort().reverse());
  expect(text).toContain('08049000–0804BFFF  1 page in 2        user    mix  8 KB');
});

test('as JSON the same, and a raw file says where its bytes lie', async () => {
  const { text, notes } = await list(new Uint8Array(3 * 4096).fill(1), '--json');
  const read = JSON.parse(text);
  expect(read.machine).toEqual([{ start: '0', bytes: 3 * 4096, presence: 'held' }]);
  expect(read.file.presets).toEqual([{ label: 'no hole: byte n is address n', taken: true }]);
  expect(read.virtual).toBeUndefined();
  expect(notes.join()).toMatch(/names no root/);
});

test('a list that is cut says so', async () => {
  const { text } = await list(guestDump(), '--limit', '2');
  expect(text).toContain('… more (--limit)');
});
