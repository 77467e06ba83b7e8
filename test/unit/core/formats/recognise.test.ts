import { describe, expect, test } from 'vitest';
import { quietTask } from '#core/base/task.ts';
import { formats, openDump } from '#core/formats/index.ts';
import { machineAddress } from '#core/memory/address.ts';
import { type ByteSource, bytesSource } from '#core/memory/byte-source.ts';
import { elfDump, rawDump, SparseMemory } from '../../../support/dump-builder.ts';

const latin1 = (text: string, size = 8192): Uint8Array => {
  const bytes = new Uint8Array(Math.max(size, text.length));
  bytes.set(Buffer.from(text, 'latin1'));
  return bytes;
};
const open = (bytes: Uint8Array, formatId?: string) => openDump(bytesSource(bytes), quietTask, formatId === undefined ? {} : { formatId });
const memory = new SparseMemory().word(0, 0xf000ff53).word(0x3000, 0x1234);

describe('recognising', () => {
  test('each format has its own id', () => {
    expect(new Set(formats.map(({ id }) => id)).size).toBe(formats.length);
    expect(formats.map(({ id }) => id)).toEqual(expect.arrayContaining(['elf-qemu', 'raw']));
  });

  test('the name says nothing', async () => {
    for (const bytes of [rawDump(memory), elfDump(memory, {})]) {
      const asked = await Promise.all(['a.raw', 'a.elf', 'a.txt', 'a.gz', ''].map((name) => openDump(bytesSource(bytes, name), quietTask)));
      expect(new Set(asked.map(({ format }) => JSON.stringify(format))).size).toBe(1);
    }
  });

  test.each([
    ['\x89PNG\r\n\x1a\n', 'png'],
    ['%PDF-1.7\n', 'pdf'],
    ['WAKE\0\0', 'hibernation'],
    ['hibr\0\0', 'hibernation'],
    ['MDMP\x93\xa7\0\0', 'minidump'],
    ['\x14\x20\x28\x01', 'hyper-v-state'],
    ['conectix', 'vhd'],
    ['vhdxfile', 'vhdx'],
    ['KDMV\x01\0\0\0', 'vmdk'],
    ['QFI\xfb\0\0\0\x03', 'qcow2'],
    ['QEVM\0\0\0\x03', 'qemu-savevm'],
    ['LibvirtQemudSave', 'libvirt-save'],
    ['\x7fVirtualBox SavedState V2.0\n', 'virtualbox-sav'],
    [`${'\0'.repeat(0x8001)}CD001\x01`, 'iso'],
    [`${'\0'.repeat(0x202)}HdrS\x0f\x02`, 'linux-kernel'],
  ])('%j is told by its bytes as %s, with advice, and never read as raw memory', async (magic, id) => {
    const { dump, format } = await open(latin1(magic));
    expect(format.id).toBe(id);
    expect(dump.problems).toEqual([expect.objectContaining({ kind: 'format-not-read', severity: 'stop' })]);
    expect(dump.problems[0]?.text).toMatch(/^This is an? .+ which is not read\. .{20}/);
    expect(dump.image.extents.count).toBe(0);
  });

  test.each(['WAKE up\n', 'HIBR\n', 'MDMP of the crash:\n', 'rstr x\n'])(
    'letters that a text may begin with are no mark in one: %j',
    async (words) => {
      const rows = '0xc0511000:\t0x00000000005120e3\t0x0000000000000000\n';
      expect((await open(new TextEncoder().encode(words + rows))).format.id).toBe('text');
      expect((await open(new TextEncoder().encode(words.repeat(40)))).format.id).toBe('prose');
    },
  );

  test('a mark at the wrong place is none', async () => {
    expect((await open(latin1('\0EMiL'))).format.id).toBe('raw');
  });

  test('the user may say raw whatever it looks like', async () => {
    const { dump, format } = await open(latin1('EMiL'), 'raw');
    expect(format).toMatchObject({ id: 'raw', how: 'chosen by hand' });
    expect(dump.image.end).toBe(8192);
  });

  test('a text without a row of memory is no dump, unless it is forced', async () => {
    const prose = new TextEncoder().encode('I am still confused (or frustrated, I’m not entirely sure which!).\r\n'.repeat(40));
    const { dump, format } = await open(prose);
    expect(format.id).toBe('prose');
    expect(dump.problems).toEqual([expect.objectContaining({ severity: 'stop', text: expect.stringMatching(/No row of this text/) })]);
    expect((await open(prose, 'raw')).dump.image.end).toBe(prose.length);
  });

  test('memory full of letters above ASCII is memory', async () => {
    expect((await open(new Uint8Array(8192).fill(0xcc))).format.id).toBe('raw');
  });

  test('a format that is not there is named with those that are', async () => {
    const { dump } = await open(latin1('x'), 'no-such');
    expect(dump.problems).toEqual([expect.objectContaining({ kind: 'format-unknown', severity: 'stop', text: expect.stringContaining('elf-qemu') })]);
  });

  test('a format forced on bytes that it is not says so and does not throw', async () => {
    for (const { id } of formats) {
      for (const bytes of [new Uint8Array(0), latin1('x', 1), latin1('\x7fELF', 100), rawDump(memory)]) {
        const { dump, format } = await open(bytes, id);
        expect(format.id).toBe(id);
        if (dump.image.extents.count === 0 && dump.text === undefined) expect(dump.problems.length).toBeGreaterThan(0);
      }
    }
  });
});

describe('raw memory', () => {
  test('frame n is at byte n * 4096', async () => {
    const { dump } = await open(rawDump(memory));
    expect([dump.problems, dump.roots]).toEqual([[], []]);
    expect(dump.image.locate(machineAddress(0x3004))).toEqual({ fileOffset: 0x3004 });
    expect(dump.image.whyAbsent(machineAddress(0x4000))).toBe('past the end of the file (16 KB)');
  });

  test('a size that is no whole number of frames is a note, not a loss', async () => {
    const { dump } = await open(rawDump(memory).subarray(0, 5000));
    expect(dump.problems).toEqual([expect.objectContaining({ kind: 'raw-not-whole-frames', severity: 'note', fileOffset: 4096 })]);
    expect(dump.image.end).toBe(5000);
  });

  test('nothing at all is said to be so', async () => {
    expect((await open(new Uint8Array(0))).dump.problems).toEqual([expect.objectContaining({ kind: 'raw-empty', severity: 'stop' })]);
  });

  test('over 3 GB the hole for devices is mentioned, and high addresses are exact', async () => {
    const size = 6 * 2 ** 30;
    const source: ByteSource = {
      name: 'large',
      size,
      read: async (offset, length) => new Uint8Array(Math.max(0, Math.min(length, size - offset))).fill(offset % 4096),
    };
    const { dump } = await openDump(source, quietTask, { formatId: 'raw' });
    expect(dump.problems).toEqual([expect.objectContaining({ kind: 'raw-device-hole', severity: 'note' })]);
    const [piece] = await dump.image.read([{ start: machineAddress(5 * 2 ** 30 + 4096), length: 4096 }]);
    expect(piece?.presence).toEqual([{ offset: 0, length: 4096, presence: 'held', fileOffset: 5 * 2 ** 30 + 4096 }]);
  });
});
