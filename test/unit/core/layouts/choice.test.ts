import { describe, expect, it } from 'vitest';
import { chooseLayout, layoutsFor } from '#core/layouts/index.ts';
import type { LayoutEvidence } from '#core/layouts/layout.ts';
import type { PagingModeId } from '#core/paging/mode.ts';

const ROOT = 0x1000;
const TABLE = 0x063;
const USER_TABLE = 0x067;
const READ_ONLY = 0x0e1;
const LARGE = 0x1e3;

interface Entry {
  readonly path: readonly number[];
  readonly slot: number;
  readonly frame: number;
  readonly flags: number;
}

const entry = (path: readonly number[], slot: number, frame: number, flags = TABLE): Entry => ({ path, slot, frame, flags });
/** PDs of a PAE root: frames 2000 to 2003. */
const pd = (slot: number) => 0x2000 + slot;
const pdpt = [0, 1, 2, 3].map((slot) => entry([], slot, pd(slot), 1));
const inOrder = (path: readonly number[], first: number, count: number, pages: number) =>
  Array.from({ length: count }, (_, i) => entry(path, first + i, i * pages, LARGE));

/** Xen’s PML4 slots: the M2P with US, the linear table, the rest the supervisor’s; and what fills slot 261. */
const xen64 = (...filled: number[]) => [
  entry([], 256, 0x100, USER_TABLE),
  entry([], 258, ROOT),
  entry([], 260, 0x101),
  entry([], 261, 0x102),
  entry([], 262, 0x103),
  ...filled.map((slot) => entry([261], slot, 0x200 + slot)),
];
const xenPae = [
  ...pdpt,
  entry([3], 428, 0xfbc00, READ_ONLY),
  entry([3], 484, 0xfbc00, LARGE),
  entry([3], 436, 0x1800, LARGE),
  ...[0, 1, 2, 3].map((i) => entry([3], 492 + i, pd(i))),
];
/** A Linux’s fixmap: below two free pages. */
const fixmap = [entry([3], 427, 0x3000), entry([3, 427], 509, 0x3001), entry([3, 427], 507, 0x3002)];
const compat = [...[0, 1, 2, 3].map((slot) => entry([], slot, pd(slot), 0x067)), entry([3], 428, 0x21e00, 0x0a1)];
const linux64 = (top: readonly number[], direct: readonly number[]) => [
  entry(top, 508, 0x301),
  entry(top, 511, 0x302),
  entry([...top, 511], 510, 0x303),
  entry(direct.slice(0, -1), direct.at(-1) ?? 0, 0x304),
  entry(direct, 0, 0x305),
  ...inOrder([...direct, 0], 0, 16, 512),
];

/** What each system's tables show, as little of it as decides. */
const systems: readonly (readonly [id: string, mode: PagingModeId, entries: readonly Entry[]])[] = [
  ['xen-pae', 'pae', xenPae],
  ['xen-pae-3.1', 'pae', [...xenPae, entry([2], 508, pd(0), 0x021)]],
  ['linux-xen-pae-3.0', 'pae', [...xenPae, ...fixmap]],
  ['linux-xen-pae-3.1', 'pae', [...xenPae, ...fixmap, entry([2], 300, pd(0), 0x021)]],
  ['xen-compat', 'pae', compat],
  ['linux-xen-compat', 'pae', [...compat, ...fixmap]],
  ['xen-x86-32', '32-bit', [entry([], 1008, 0xfbc00, READ_ONLY), entry([], 1015, 0xfbc00, LARGE), entry([], 1016, ROOT)]],
  ['xen-x86-64-3.0', '4-level', xen64(0, 16)],
  ['xen-x86-64-3.1', '4-level', xen64(0, 16, 48)],
  ['xen-x86-64-4.0', '4-level', xen64(0, 272, 274, 472)],
  ['xen-x86-64-4.3', '4-level', xen64(0, 272, 275, 384)],
  ['xen-x86-64-4.5', '4-level', xen64(0, 256, 321, 384)],
  ['linux-i386', '32-bit', inOrder([], 768, 56, 1024)],
  ['linux-i386-pae', 'pae', [...pdpt, ...inOrder([3], 0, 56, 512)]],
  ['linux-x86-64', '4-level', linux64([], [273])],
  ['linux-x86-64-5', '5-level', [entry([], 511, 0x300), ...linux64([511], [273, 64])]],
  ['bsd-i386', '32-bit', [entry([], 767, ROOT), entry([], 768, 0x400)]],
  ['freebsd-i386-pae', 'pae', [...pdpt, ...[0, 1, 2, 3].map((i) => entry([2], 508 + i, pd(i)))]],
  ['netbsd-xen-pae', 'pae', [...pdpt, ...[0, 1, 2].map((i) => entry([2], 508 + i, pd(i))), entry([2], 511, 0x2999)]],
  ['freebsd-12-i386', '32-bit', [entry([], 1022, ROOT), entry([], 1023, 0x400)]],
  ['freebsd-12-i386-pae', 'pae', [...pdpt, ...[0, 1, 2, 3].map((i) => entry([3], 506 + i, pd(i)))]],
  ['netbsd-openbsd-amd64', '4-level', [entry([], 255, ROOT), entry([], 256, 0x400), entry([], 511, 0x401)]],
  ['freebsd-amd64', '4-level', [entry([], 256, ROOT), entry([], 511, 0x400)]],
  ['windows-x86', '32-bit', [entry([], 0x300, ROOT)]],
  ['windows-x86-pae', 'pae', [...pdpt, ...[0, 1, 2, 3].map((i) => entry([3], i, pd(i)))]],
  ['windows-7-x64', '4-level', [entry([], 0x1ed, ROOT), entry([], 0x1ef, 0x400)]],
  ['windows-10-x64', '4-level', [entry([], 0x123, ROOT), entry([], 0x1ef, 0x400)]],
];

function evidenceOf(mode: PagingModeId, entries: readonly Entry[]): LayoutEvidence {
  const at = (path: readonly number[], slot: number) => entries.find((one) => one.slot === slot && one.path.join() === path.join());
  return {
    mode,
    isTextDump: false,
    entry: (path, slot) => {
      const found = at(path, slot);
      return { low: found ? ((found.frame << 12) | found.flags) >>> 0 : 0, high: 0 };
    },
    frameOf: (path) => (path.length === 0 ? ROOT : at(path.slice(0, -1), path.at(-1) ?? 0)?.frame),
  };
}

describe.each(systems)('%s', (id, mode, entries) => {
  it('is chosen where its marks are, with reasons', () => {
    const { choice } = chooseLayout(evidenceOf(mode, entries), mode);
    expect(choice.id).toBe(id);
    expect(choice.reasons.join(' ')).toMatch(/\d/);
  });

  it('is not chosen for any other system', () => {
    for (const [other, otherMode, others] of systems) {
      if (other !== id && otherMode === mode) expect(chooseLayout(evidenceOf(mode, others), mode).choice.id).not.toBe(id);
    }
  });

  it('is not chosen where one table is all zero', () => {
    const best = chooseLayout(evidenceOf(mode, []), mode).choice;
    expect(layoutsFor(mode).find((layout) => layout.id === best.id)?.spans).toEqual([]);
  });
});
