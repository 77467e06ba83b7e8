import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, expect, test } from 'vitest';
import convert from '#cli/commands/convert.command.ts';
import { openFile } from '#cli/node-byte-source.ts';
import { parseArguments } from '#cli/options.ts';
import { Output } from '#cli/output.ts';
import { writeFile as writePlanned } from '#cli/write-file.ts';
import { quietTask } from '#core/base/task.ts';
import { openSession } from '#core/session/session.ts';
import type { PlannedFile } from '#core/write/planned-file.ts';
import { guestDump } from '../../support/guest-dump.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pagewalk-convert-'));
  await writeFile(join(folder, 'guest.elf'), guestDump());
});
afterEach(() => rm(folder, { recursive: true }));

async function run(...args: string[]) {
  const path = join(folder, 'guest.elf');
  const file = await openFile(path);
  const stream = new PassThrough();
  const out = new Output(stream);
  const notes: string[] = [];
  try {
    const session = await openSession(file.source, quietTask);
    await convert.run({ session, path, options: parseArguments(args).options, operands: [], out, note: (text) => notes.push(text) });
    await out.flush();
  } finally {
    await file.close();
  }
  return { text: String(stream.read() ?? ''), notes };
}

const opened = async (name: string) => {
  const file = await openFile(join(folder, name));
  return { session: await openSession(file.source, quietTask), close: file.close };
};

test('a capsule is written beside the dump and names the same root', async () => {
  const { text } = await run('--to', 'capsule', '--frames', 'fa6a', '--pages', 'F5800000+10');
  expect(text).toMatch(/guest\.capsule\.elf: .* stored/);
  expect(text).toMatch(/page tables of root 127e260 \(PAE\): 5 frames/);
  const { session, close } = await opened('guest.capsule.elf');
  const { roots, heldBytes } = await session.summary();
  expect(roots).toMatchObject([{ address: 0x127e260, mode: 'pae' }]);
  expect(heldBytes).toBe(7 * 4096);
  await close();
});

test('raw memory is as long as memory reaches, its holes take no room, and what was absent is told', async () => {
  const { text } = await run('--to', 'raw', '--out', join(folder, 'flat'));
  expect(text).toMatch(/that the dump does not hold are zeros/);
  const { size, blocks } = await stat(join(folder, 'flat'));
  expect(size).toBe(0xfa6b000);
  expect(blocks * 512).toBeLessThan(8 * 2 ** 20);
  const bytes = await readFile(join(folder, 'flat'));
  expect(bytes.subarray(0xfa6a000, 0xfa6a010).toString()).toBe('Hello, page walk');
});

test('no file is written over, but with --force; the dump itself never', async () => {
  await writeFile(join(folder, 'mine'), 'precious');
  await expect(run('--to', 'elf', '--out', join(folder, 'mine'))).rejects.toThrow(/is there already/);
  expect(await readFile(join(folder, 'mine'), 'utf8')).toBe('precious');
  await run('--to', 'elf', '--out', join(folder, 'mine'), '--force');
  expect((await readFile(join(folder, 'mine'))).subarray(0, 4).toString('latin1')).toBe('\x7fELF');
  await expect(run('--to', 'elf', '--out', join(folder, 'guest.elf'), '--force')).rejects.toThrow(/the dump itself/);
  expect((await readdir(folder)).sort()).toEqual(['guest.elf', 'mine']);
});

test('Ctrl-C and a failing read leave no half file', async () => {
  const listeners = process.listenerCount('SIGINT');
  const plan = (then: () => void): PlannedFile => ({
    size: 8,
    storedBytes: 8,
    notes: [],
    async *pieces(task) {
      yield { offset: 0, bytes: new Uint8Array(4) };
      then();
      task.check();
      yield { offset: 4, bytes: new Uint8Array(4) };
    },
  });
  const failing = plan(() => {
    throw new Error('the disk is gone');
  });
  await expect(writePlanned(join(folder, 'half'), failing, false, quietTask)).rejects.toThrow('the disk is gone');
  const stopped = plan(() => void process.emit('SIGINT'));
  await expect(writePlanned(join(folder, 'half'), stopped, false, quietTask)).rejects.toThrow(/Stopped: .*half was not written/);
  expect(await readdir(folder)).toEqual(['guest.elf']);
  expect(process.listenerCount('SIGINT')).toBe(listeners);
});

test('what makes no sense is refused in one sentence', async () => {
  await expect(run()).rejects.toThrow('Say what to write with --to: elf, raw or capsule.');
  await expect(run('--to', 'zip')).rejects.toThrow('--to takes elf, raw or capsule, not “zip”.');
  expect(() => parseArguments(['--frames', '9-3'])).toThrow(/--frames takes/);
  expect(() => parseArguments(['--pages', '1+2+3'])).toThrow(/--pages takes/);
});
