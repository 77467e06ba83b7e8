import { describe, expect, test } from 'vitest';
import { quietTask } from '#core/base/task.ts';
import { openDump } from '#core/formats/index.ts';
import { machineAddress } from '#core/memory/address.ts';
import type { ByteSource } from '#core/memory/byte-source.ts';
import { SparseMemory } from '../../../support/dump-builder.ts';
import { TableBuilder } from '../../../support/table-builder.ts';

const GIB = 2 ** 30;

/** Memory of a machine as a raw file: `hole` bytes are left out before 4 GiB where `squeezed`, else filled. */
function rawFile(memory: SparseMemory, size: number, holeFrom: number | undefined): ByteSource {
  const offsetOf = (address: number): number => (holeFrom === undefined || address < 4 * GIB ? address : address - 4 * GIB + holeFrom);
  const frames = new Map([...memory.frames].map(([frame, bytes]) => [offsetOf(frame * 4096) / 4096, bytes]));
  return {
    name: 'raw',
    size,
    read: async (offset, length) => {
      const out = new Uint8Array(Math.max(0, Math.min(length, size - offset)));
      const last = Math.floor((offset + out.length - 1) / 4096);
      for (let frame = Math.floor(offset / 4096); frame <= last; frame++) {
        const bytes = frames.get(frame);
        if (bytes === undefined) continue;
        const at = frame * 4096 - offset;
        out.set(bytes.subarray(Math.max(0, -at), Math.min(4096, out.length - at)), Math.max(0, at));
      }
      return out;
    },
  };
}

/** Processes whose directories lie low where the sample meets them, and whose tables lie low, high, and at 3 GB. */
function machine(tableFrames: readonly number[]): SparseMemory {
  const memory = new SparseMemory();
  for (let process = 0; process < 4; process++) {
    // Frames 0 … 3 of every 16 KB sample are looked at.
    const tables = new TableBuilder(memory, 'pae', { root: process * 0x10_0000 * 4 + 0x1000, firstFrame: process * 0x400 + 2 });
    for (let slot = 0n; slot < 24n; slot++) {
      const virtual = slot * 0x20_0000n;
      tables.map(virtual, 0x20_0000n + slot * 4096n);
      const table = (slot < 8n ? 0x8000 : (tableFrames[Number(slot) % tableFrames.length] ?? 0)) + process * 64 + Number(slot);
      const entry = memory.readWord(directoryEntry(memory, tables.root, slot));
      memory.frame(table).set(memory.frame(Number(entry / 4096n)));
      memory.word(directoryEntry(memory, tables.root, slot), BigInt(table) * 4096n + 7n);
    }
  }
  return memory;
}

const directoryEntry = (memory: SparseMemory, root: number, slot: bigint): number => {
  const directory = Number(memory.readWord(root) / 4096n) * 4096;
  return directory + Number(slot) * 8;
};

const firstRegions = async (source: ByteSource) => (await openDump(source, quietTask)).dump;

describe('the hole below 4 GiB', () => {
  test.each([
    [0x8000_0000, 4 * GIB],
    [0xc000_0000, 5 * GIB],
    [0xe000_0000, 6 * GIB],
    [0xf000_0000, 5 * GIB],
  ])('from %d is found where tables above it are squeezed down', async (hole, size) => {
    const below = hole / 4096 - 0x800;
    const dump = await firstRegions(rawFile(machine([0x10_0100, 0x10_0900, below]), size, hole));
    expect(dump.regions?.regions).toEqual([
      { start: 0, fileOffset: 0, length: hole },
      { start: 4 * GIB, fileOffset: hole, length: size - hole },
    ]);
    expect(dump.problems).toEqual([
      expect.objectContaining({ kind: 'raw-device-hole', severity: 'note', text: expect.stringContaining('these lead to tables') }),
    ]);
    expect(dump.image.locate(machineAddress(4 * GIB + 4096))).toEqual({ fileOffset: hole + 4096 });
    expect(dump.image.whyAbsent(machineAddress(hole + 4096))).toMatch(/hole for devices/);
  });

  test('is not there where tables lie above 4 GiB as they are in the file', async () => {
    const size = 6 * GIB;
    const dump = await firstRegions(rawFile(machine([0x10_0100, 0x10_0900]), size, undefined));
    expect(dump.regions?.regions).toEqual([{ start: 0, fileOffset: 0, length: size }]);
    expect(dump.regions?.reason).toContain('these lead to tables');
  });

  test('a file made of nothing but tables is answered, with few reads', async () => {
    const table = new Uint32Array(4096);
    for (let at = 0; at < table.length; at += 2) table[at] = 0x7000_0000 + (at % 1024) * 0x1_0000 + 7;
    let bytes = 0;
    const size = 6 * GIB;
    const source: ByteSource = {
      name: 'tables',
      size,
      read: async (offset, length) => {
        const part = Math.max(0, Math.min(length, size - offset));
        bytes += part;
        return new Uint8Array(table.buffer.slice(0, Math.min(part, 16_384)));
      },
    };
    const dump = await firstRegions(source);
    expect(dump.regions?.presets).toHaveLength(5);
    expect(bytes).toBeLessThan(GIB);
  });

  test('without tables to tell is left out, and it is said', async () => {
    const dump = await firstRegions(rawFile(new SparseMemory().word(0, 0x1234), 5 * GIB, undefined));
    expect(dump.regions?.regions).toHaveLength(1);
    expect(dump.regions?.reason).toContain('nothing tells');
    expect(dump.regions?.presets.map(({ label }) => label.slice(0, 18))).toHaveLength(5);
  });

  test('the user’s regions count, whatever they are', async () => {
    const regions = [
      { start: 0x1000, fileOffset: 0, length: 0x3000 },
      { start: 5 * GIB, fileOffset: 0x3000, length: 10 * GIB },
    ];
    const { dump } = await openDump(rawFile(new SparseMemory().word(0x3000, 0x77), 0x5000, undefined), quietTask, { formatId: 'raw', regions });
    const [piece] = await dump.image.read([{ start: machineAddress(5 * GIB), length: 4096 }]);
    expect(piece?.bytes[0]).toBe(0x77);
    expect(dump.problems.map(({ kind }) => kind)).toEqual(['extents-beyond-end']);
    expect(dump.regions).toMatchObject({ regions, reason: 'Set by you.' });
  });
});
