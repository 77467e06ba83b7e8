import { describe, expect, it } from 'vitest';
import { quietTask } from '#core/base/task.ts';
import { virtualPage } from '#core/memory/address.ts';
import { bytesSource } from '#core/memory/byte-source.ts';
import type { Root } from '#core/paging/mode.ts';
import { openSession, type Session } from '#core/session/session.ts';

const START = { page: virtualPage(0), offset: 0 };

/** Two frames of raw memory: a 32-bit page directory at 0 whose entry 0 maps 4 MB from frame 0. */
function rawBytes(): Uint8Array {
  const bytes = new Uint8Array(2 * 4096);
  new DataView(bytes.buffer).setUint32(0, 0x0000_00e3, true);
  return bytes;
}

const openRaw = (): Promise<Session> => openSession(bytesSource(rawBytes(), 'two.raw'), quietTask, { formatId: 'raw' });
const LEGACY: Root = { address: 0, mode: '32-bit' };

const labels = async (session: Session, root: Root | undefined, text: string, nearMachine?: number): Promise<readonly string[]> =>
  (await session.readings(root, text, START, nearMachine)).readings.map(({ label }) => label);

describe('without a root', () => {
  it('reads frames, guest-physical addresses and file offsets, and no virtual address', async () => {
    const session = await openRaw();
    expect(await labels(session, undefined, '1000')).toEqual(['guest-physical address 1000', 'frame 1000', 'file offset 1,000']);
    expect(await labels(session, undefined, 'frame 1')).toEqual(['frame 1']);
  });
  it('says that a virtual address needs one', async () => {
    const session = await openRaw();
    expect((await session.readings(undefined, 'va 1000', START)).problem).toMatch(/needs a root/);
  });
  it('counts from the machine byte in view', async () => {
    const session = await openRaw();
    expect(await labels(session, undefined, '+8', 0xff8)).toEqual(['guest-physical address 1000']);
    expect((await session.readings(undefined, '-1', START, 0)).problem).toMatch(/leaves the address space/);
  });
});

describe('with a root', () => {
  it('counts from the virtual address, or from the machine byte where one is in view', async () => {
    const session = await openRaw();
    expect(await labels(session, LEGACY, '+1000')).toEqual(['virtual address 00001000']);
    expect(await labels(session, LEGACY, '+1000', 0x20)).toEqual(['guest-physical address 1020']);
  });
  it('names a whole entry with XD for what it is', async () => {
    const { readings, problem } = await (await openRaw()).readings(LEGACY, '0x8000000001056161', START);
    expect(readings).toEqual([]);
    expect(problem).toMatch(/looks like an entry: frame 1056, flags 161, XD/);
  });
});

it('tells a root table that the dump lacks from one full of zeros', async () => {
  const session = await openRaw();
  const absent: Root = { address: 0x10_0000, mode: '32-bit' };
  const table = await session.table(absent, []);
  expect(table?.rows.map(({ kind }) => kind)).toEqual(['entry-absent']);
  expect(table?.zero).toBe(0);
});
