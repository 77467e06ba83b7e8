import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { quietTask } from '#core/base/task.ts';
import { machineAddress } from '#core/memory/address.ts';
import { bytesSource } from '#core/memory/byte-source.ts';
import { createExtentImage } from '#core/memory/extent-image.ts';
import type { NameableRoot } from '#core/roots/names/guess.ts';
import { nameRoots } from '#core/roots/names/name-roots.ts';
import { WINDOWS, type WindowsLayout, WindowsProcesses } from '../../../../support/windows-processes.ts';

const BYTES = 2 ** 20;
const FIRST_OBJECT = 0x4_0080;

const rootsOf = ({ pointerBytes }: WindowsLayout, pae = false): readonly NameableRoot[] =>
  Array.from({ length: 6 }, (_, i) => ({
    address: 0x1_2000 + i * (pae ? 0x20 : 0x1000),
    mode: pointerBytes === 8 ? ('4-level' as const) : pae ? ('pae' as const) : ('32-bit' as const),
    verified: true,
  }));

async function namesIn(bytes: Uint8Array, roots: readonly NameableRoot[]): Promise<Record<string, string>> {
  const image = createExtentImage({ source: bytesSource(bytes), extents: [{ start: machineAddress(0), length: bytes.length, fileOffset: 0 }] });
  return Object.fromEntries(
    [...(await nameRoots(image, roots, quietTask))].map(([{ address }, { name, pid }]) => [address.toString(16), `${name} ${pid}`]),
  );
}

/** System, the idle process, which has System's root, and three programs. */
function guest(layout: WindowsLayout, roots: readonly NameableRoot[], bytes = new Uint8Array(BYTES)): WindowsProcesses {
  const made = new WindowsProcesses(bytes, layout, FIRST_OBJECT);
  const at = (i: number) => roots[i]?.address ?? 0;
  made.process(at(0), 0, 'Idle');
  made.process(at(0), 4, 'System');
  made.process(at(1), 368, 'smss.exe');
  made.process(at(2), 1044, 'svchost.exe');
  made.process(at(3), 2200, 'SearchIndexer.exe');
  return made;
}

const NAMES = ['System 4', 'smss.exe 368', 'svchost.exe 1044'];

describe.each(Object.entries(WINDOWS))('Windows %s', (version, layout) => {
  it.each(layout.pointerBytes === 4 ? [false, true] : [false])('has its processes named (PAE: %s)', async (pae) => {
    const roots = rootsOf(layout, pae);
    const { bytes } = guest(layout, roots);
    const cut = layout.nameBytes === 15 ? 'SearchIndexer. 2200' : 'SearchIndexer.e 2200';
    const expected = [...NAMES, cut].map((name, i) => [(roots[i]?.address ?? 0).toString(16), name]);
    expect(await namesIn(bytes, roots)).toEqual(Object.fromEntries(expected));
  });

  it('has none without System, with two processes, or with another header, list or pid', async () => {
    const roots = rootsOf(layout);
    const spoil = [
      (made: WindowsProcesses, at: number) => made.bytes.set([0x79], at + layout.imageFileName),
      (made: WindowsProcesses, at: number) => made.bytes.set([5], at),
      (made: WindowsProcesses, at: number) => made.bytes.set([0x41], at + layout.directoryTableBase - 2 * layout.pointerBytes),
      (made: WindowsProcesses, at: number) => {
        for (const back of [1, 2]) made.bytes.set([0x44], at + layout.directoryTableBase - back * layout.pointerBytes);
      },
      (made: WindowsProcesses, at: number) => made.bytes.set([8], at + layout.uniqueProcessId),
    ];
    for (const change of spoil) {
      const made = guest(layout, roots);
      change(made, FIRST_OBJECT + 0xa00);
      expect(await namesIn(made.bytes, roots), version).toEqual({});
    }
    const two = new WindowsProcesses(new Uint8Array(BYTES), layout, FIRST_OBJECT);
    two.process(roots[0]?.address ?? 0, 4, 'System');
    two.process(roots[1]?.address ?? 0, 368, 'smss.exe');
    expect(await namesIn(two.bytes, roots)).toEqual({});
  });
});

describe('a Windows guest', () => {
  const layout = WINDOWS['10 22H2'] as WindowsLayout;
  const roots = rootsOf(layout);

  it('has its names though CR3 values carry a PCID, and distances are of no known version', async () => {
    const word = (least: number, most: number) => fc.integer({ min: least / 8, max: most / 8 }).map((n) => n * 8);
    await fc.assert(
      fc.asyncProperty(word(0xe8, 0x500), word(0x20, 0x200), fc.nat(4095), async (uniqueProcessId, further, pcid) => {
        const other = { ...layout, uniqueProcessId, imageFileName: uniqueProcessId + further };
        const made = new WindowsProcesses(new Uint8Array(BYTES), other, FIRST_OBJECT);
        for (const [i, name] of ['System', 'Registry', 'csrss.exe', 'a.exe'].entries()) made.process(roots[i]?.address ?? 0, 4 + i * 60, name, pcid);
        expect(Object.values(await namesIn(made.bytes, roots))).toEqual(['System 4', 'Registry 64', 'csrss.exe 124', 'a.exe 184']);
      }),
      { numRuns: 40 },
    );
  });

  it('leaves a root without a name that an ended process claims as well', async () => {
    const made = guest(layout, roots);
    made.process(roots[2]?.address ?? 0, 3000, 'ended.exe');
    expect(Object.values(await namesIn(made.bytes, roots))).toEqual(['System 4', 'smss.exe 368', 'SearchIndexer. 2200']);
  });

  it('has none in noise, or in an image that says System everywhere', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 4096, maxLength: 4096 }), async (page) => {
        const bytes = new Uint8Array(64 * 4096);
        for (let at = 0; at < bytes.length; at += 4096) bytes.set(page, at);
        expect(await namesIn(bytes, roots)).toEqual({});
      }),
    );
    const made = guest(layout, roots);
    for (let at = FIRST_OBJECT; at < made.next; at += 0xa00)
      for (let i = 0x60; i < 0x7f0; i += 8) made.bytes.set([0x53, 0x79, 0x73, 0x74, 0x65, 0x6d, 0, 0], at + i);
    expect(await namesIn(made.bytes, roots)).toEqual({});
  });
});
