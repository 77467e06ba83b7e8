import { expect, test } from 'vitest';
import { quietTask } from '#core/base/task.ts';
import { bytesSource } from '#core/memory/byte-source.ts';
import { openSession } from '#core/session/session.ts';
import { elfDump, SparseMemory } from '../../../support/dump-builder.ts';
import { TableBuilder } from '../../../support/table-builder.ts';
import { startInfo } from '../../../support/xen-core-builder.ts';

const DIRECT_MAP = 0xffff_8880_0000_0000n;
const LINEAR_P2M = 0xffff_c900_0000_0000n;
const FIRST = 0x10_0000;
const PAGES = 20_000;
const START_INFO = 40;
const SHARED_INFO = 0xf_f000;

/** As a Linux of today is as dom0: start_info only in the direct map, the P2M linear in vmalloc, none at the builder's place. */
function linuxDom0(p2mRoot: 'own' | 'another'): Uint8Array {
  const memory = new SparseMemory();
  const tables = new TableBuilder(memory, '4-level', { root: 0x5000_0000, firstFrame: 0x5_0001 });
  for (let pfn = 0; pfn < PAGES; pfn += 512) tables.map(DIRECT_MAP + BigInt(pfn) * 4096n, BigInt(FIRST + pfn) * 4096n, { up: 1, flags: 0x63n });
  // The kernel's own image is mapped again, high, and there is plenty of it before start_info's frame would come.
  for (let at = 0; at < 40; at++)
    tables.map(0xffff_ffff_8100_0000n + BigInt(at) * 0x20_0000n, BigInt(FIRST + 512 * (at % 8) + 0x1000) * 4096n, { up: 1, flags: 0x63n });
  const linear = p2mRoot === 'own' ? tables : new TableBuilder(memory, '4-level', { root: 0x6000_0000, firstFrame: 0x6_0001 });
  const list = 0x7_0000;
  for (let page = 0; page * 512 < PAGES; page++) linear.map(LINEAR_P2M + BigInt(page) * 4096n, BigInt(list + page) * 4096n, { flags: 0x63n });
  for (let pfn = 0; pfn < PAGES; pfn++) memory.word((list + Math.floor(pfn / 512)) * 4096 + (pfn % 512) * 8, FIRST + pfn);
  // shared_info as Linux maps it in its fixmap, in Xen's direct map, and an alias below.
  for (const va of [0xffff_ffff_ff57_c000n, 0xffff_8300_0000_0000n, 0x40_0000n]) tables.map(va, BigInt(SHARED_INFO) * 4096n, { flags: 0x63n });
  // Xen's M2P is mapped, and not in the dump.
  tables.map(0xffff_8000_0000_0000n, BigInt(0x9_0000) * 4096n, { up: 1, flags: 0x61n });
  memory.word(0x5000_0000 + 258 * 8, 0x5000_0063);
  memory.write((FIRST + START_INFO) * 4096, startInfo(8, { pages: PAGES, sharedInfo: SHARED_INFO, ptBase: 0xffff_ffff_8500_0000n, mfnList: 0n }));
  const shared = SHARED_INFO * 4096;
  memory.word(shared + 3088, PAGES);
  memory.word(shared + 3096, 0xffff_ffff_ffff_ffffn);
  memory.word(shared + 3112, p2mRoot === 'own' ? 0x5000_0000 : 0x6000_0000);
  memory.word(shared + 3120, LINEAR_P2M);
  return elfDump(memory, { machine: 62, cpus: [{ cr3: 0x5000_0000, cr4: 0x20, runs64: true }] });
}

test.each([['own'], ['another']] as const)(
  'start_info is found low in the direct map, and the linear P2M by p2m_vaddr (mapped by its %s root)',
  async (whose) => {
    const session = await openSession(bytesSource(linuxDom0(whose)), quietTask);
    const [root] = (await session.summary()).roots;
    if (!root) throw new Error('no root');
    const facts = await session.xen(root);
    expect(facts?.startInfo).toMatchObject({ frame: FIRST + START_INFO, wordBytes: 8 });
    expect(facts?.sharedInfo?.seenAt).toEqual({ page: 0xf_ffff_f57c, offset: 0 });
    expect(facts?.p2ms).toMatchObject([{ count: PAGES, source: 'shared_info’s p2m_vaddr at FFFFC90000000000' }]);
  },
);
