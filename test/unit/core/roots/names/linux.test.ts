import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Cancelled, quietTask } from '#core/base/task.ts';
import type { PagingModeId } from '#core/paging/mode.ts';
import type { NameableRoot } from '#core/roots/names/guess.ts';
import { nameRoots } from '#core/roots/names/name-roots.ts';
import { AMD64_LAYOUT, type KernelLayout, LinuxTasks, PAE_LAYOUT } from '../../../../support/linux-tasks.ts';
import { imageOf, noise } from '../../../../support/plain-memory.ts';

const BYTES = 2 ** 20;
const FIRST_TASK = 0x4_0000;

const VIRTUAL_BITS = { '32-bit': 32n, pae: 32n, 'pae-under-xen64': 32n, '4-level': 48n, '5-level': 57n } as const;

/** A verified root, mapped where the kernel's direct map has its frame. */
const rootAt = (address: number, mode: PagingModeId, { directMap }: KernelLayout): NameableRoot => ({
  ...{ address, mode, verified: true },
  ownPage: Number(((directMap + BigInt(address)) % (1n << VIRTUAL_BITS[mode])) >> 12n),
});

const AMD64_ROOTS = [0x1000, 0x5000, 0x6000, 0x9000, 0xb000];

/** A guest of Debian's layout with three processes, and room for two more roots. */
function amd64(): { tasks: LinuxTasks; roots: readonly NameableRoot[]; names(roots?: readonly NameableRoot[]): Promise<Record<string, string>> } {
  const tasks = new LinuxTasks(new Uint8Array(BYTES), AMD64_LAYOUT, FIRST_TASK);
  const own = AMD64_ROOTS.map((address) => rootAt(address, '4-level', AMD64_LAYOUT));
  tasks.process(0x1000, 1, 'systemd');
  tasks.process(0x5000, 412, 'sshd');
  tasks.process(0x6000, 977, 'bash');
  return { tasks, roots: own, names: (roots = own) => namesIn(tasks.bytes, roots) };
}

/** As "sshd 412", or "sshd" where the pid is not told, by address in hex. */
async function namesIn(bytes: Uint8Array, roots: readonly NameableRoot[]): Promise<Record<string, string>> {
  const named = await nameRoots(imageOf(bytes), roots, quietTask);
  return Object.fromEntries([...named].map(([{ address }, { name, pid }]) => [address.toString(16), pid === undefined ? name : `${name} ${pid}`]));
}

const THREE = { '1000': 'systemd 1', '5000': 'sshd 412', '6000': 'bash 977' };

describe.each([
  ['32-bit', 4, 0xc000_0000n],
  ['32-bit', 4, 0x4000_0000n],
  ['pae', 4, 0xc000_0000n],
  ['4-level', 8, 0xffff_8880_0000_0000n],
  ['4-level', 8, 0xffff_8b0e_c000_0000n],
  // Before 2.6.27: where a Xen has its own.
  ['4-level', 8, 0xffff_8100_0000_0000n],
  ['5-level', 8, 0xff11_0000_0000_0000n],
] as const)('a %s kernel, pointers of %d bytes, its direct map at %s', (mode, pointerBytes, directMap) => {
  const word = (least: number, most: number) => fc.integer({ min: least / pointerBytes, max: most / pointerBytes }).map((n) => n * pointerBytes);
  const layouts = fc.record({
    pgd: word(0, 0x100),
    mm: word(0x10, 0xa00),
    pid: word(0x20, 0x100),
    comm: word(0x130, 0x5c0),
    creds: fc.constantFrom('before' as const, 'before a key' as const, 'none' as const),
    seed: fc.integer({ min: 1, max: 2 ** 31 }),
  });

  it('has its processes named, whatever its distances, in noise', async () => {
    const names = fc.uniqueArray(fc.stringMatching(/^[a-z][a-z0-9/:_-]{2,14}$/), { minLength: 3, maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(layouts, names, async ({ pgd, mm, pid, comm, creds, seed }, drawn) => {
        // Without pointers before them, names of two letters look like numbers.
        const wanted = creds === 'none' ? drawn.map((name) => `${name}x`.slice(-13).padStart(4, 'n')) : drawn;
        const task = { bytes: mm + comm + 0x200, mm, pid: mm + pid, comm: mm + comm };
        const layout = { pointerBytes, directMap, mm: { bytes: 0x300, pgd }, task, creds };
        const tasks = new LinuxTasks(noise(seed, BYTES), layout, FIRST_TASK, seed);
        const roots = wanted.map((_, i) => rootAt(0x2000 + i * (mode === 'pae' ? 0x20 : 0x1000), mode, layout));
        const expected = wanted.map((name, i) => {
          tasks.process(roots[i]?.address ?? 0, 7 + i * 31, name);
          return [(roots[i]?.address ?? 0).toString(16), `${name} ${7 + i * 31}`];
        });
        expect(await namesIn(tasks.bytes, roots)).toEqual(Object.fromEntries(expected));
      }),
      { numRuns: 25 },
    );
  });
});

describe('a process of many tasks', () => {
  it('goes by its leader, wherever that lies', async () => {
    const { tasks, names } = amd64();
    const mm = tasks.mm(0x9000);
    for (const pid of [1201, 1202, 1203]) tasks.task({ pid, tgid: 1200, name: 'worker', mm });
    tasks.task({ pid: 1200, name: 'dockerd', mm });
    expect(await names()).toEqual({ ...THREE, '9000': 'dockerd 1200' });
  });

  it('whose leader has ended goes by the most common name, and by the pid of the group', async () => {
    const { tasks, names } = amd64();
    const mm = tasks.mm(0x9000);
    for (const [pid, name] of [
      [1201, 'worker'],
      [1202, 'timer'],
      [1203, 'worker'],
    ] as const)
      tasks.task({ pid, tgid: 1200, name, mm });
    expect(await names()).toEqual({ ...THREE, '9000': 'worker 1200' });
  });

  it('stays without a name where two are as common', async () => {
    const { tasks, names } = amd64();
    const mm = tasks.mm(0x9000);
    for (const [pid, name] of [
      [1201, 'worker'],
      [1202, 'timer'],
    ] as const)
      tasks.task({ pid, tgid: 1200, name, mm });
    expect(await names()).toEqual(THREE);
  });

  it('that are two processes for a moment (vfork) has a name if both have it, and no pid', async () => {
    const { tasks, names } = amd64();
    const mm = tasks.mm(0x9000);
    for (const pid of [1300, 1301]) tasks.task({ pid, name: 'make', mm });
    expect(await names()).toEqual({ ...THREE, '9000': 'make' });
  });
});

it('tasks that lie in memory twice, as in a page cache where memory was saved to a disk, are still told with their pids', async () => {
  const { tasks, names } = amd64();
  const first = tasks.bytes.slice(FIRST_TASK, tasks.next);
  tasks.bytes.set(first, 0x8_0000);
  expect(await names()).toEqual(THREE);
});

describe('what has no name of its own', () => {
  it('kernel threads lend none, though they borrow an mm', async () => {
    const { tasks, roots, names } = amd64();
    const mm = tasks.mm(0x9000);
    tasks.task({ pid: 9, name: 'kworker/0:1', borrowed: mm });
    tasks.task({ pid: 2, name: 'kthreadd' });
    expect(await names(roots)).toEqual(THREE);
  });

  it('remains on a stack that point at an mm are no task', async () => {
    const { tasks, names } = amd64();
    const mm = tasks.mm(0x9000);
    for (let i = 0; i < 6; i++) tasks.twins(mm);
    tasks.task({ pid: 88, name: 'cron', mm });
    for (let i = 0; i < 6; i++) tasks.twins(mm);
    expect(await names()).toEqual({ ...THREE, '9000': 'cron 88' });
  });

  it('a root that two mm_structs of two tasks claim stays without', async () => {
    const { tasks, names } = amd64();
    tasks.process(0x9000, 88, 'cron');
    tasks.process(0x9000, 89, 'atd');
    expect(await names()).toEqual(THREE);
  });

  it('the user half of a pair takes the name of the kernel half', async () => {
    const { roots, names } = amd64();
    const half: NameableRoot = { address: 0x7000, mode: '4-level', verified: true, pair: 0x6000 };
    expect(await names([...roots, half])).toEqual({ ...THREE, '7000': 'bash 977' });
  });

  it('an unsure root has one if it is mapped as the others are, and not in another reading', async () => {
    const { tasks, roots } = amd64();
    const unsure = roots.map((root) => (root.address === 0x6000 ? { ...root, verified: false } : root));
    const pae: NameableRoot = { address: 0x6000, mode: 'pae', verified: false, ownPage: 0xc_0006 };
    const image = imageOf(tasks.bytes);
    const named = await nameRoots(image, [pae, ...unsure], quietTask);
    expect([...named].map(([{ address, mode }, { name }]) => [address, mode, name])).toEqual([
      [0x1000, '4-level', 'systemd'],
      [0x5000, '4-level', 'sshd'],
      [0x6000, '4-level', 'bash'],
    ]);
    tasks.process(0x9000, 50, 'cron');
    const elsewhere = unsure.map((root) => (root.verified ? root : { ...root, ownPage: 6 }));
    expect(Object.keys(await namesIn(tasks.bytes, elsewhere))).toEqual(['1000', '5000', '9000']);
  });

  it('a number behind two equal pointers is no name, though it be a letter', async () => {
    const { tasks, names } = amd64();
    for (const [i, { mm }] of tasks.made.entries()) {
      const at = mm + 0x150;
      tasks.pointer(at, 0x3_8000);
      tasks.pointer(at + 8, 0x3_8000);
      tasks.bytes.set([0x28 + i, 0, 0, 0, 0, 0, 0, 0], at + 16);
    }
    expect(await names()).toEqual(THREE);
  });
});

describe('no name is given', () => {
  const three = [0x1000, 0x5000, 0x6000].map((address) => rootAt(address, '4-level', AMD64_LAYOUT));

  it('nor memory read, where fewer than three roots are known', async () => {
    const refuse = () => Promise.reject(new Error('no memory is to be read'));
    const image = Object.assign(imageOf(noise(1, BYTES)), { read: refuse, readHeld: refuse });
    const unsure = three.map(({ address, mode }) => ({ address, mode, verified: false }));
    for (const roots of [[], three.slice(1), unsure]) expect((await nameRoots(image, roots, quietTask)).size).toBe(0);
    await expect(nameRoots(image, three, quietTask)).rejects.toThrow('no memory is to be read');
  });

  it('where no root maps its own frame, or three do not agree where, or it is where programs are', async () => {
    const { tasks } = amd64();
    const shifted = three.map((root, i) => ({ ...root, ownPage: (root.ownPage ?? 0) + i }));
    const low = three.map((root) => ({ ...root, ownPage: root.address / 4096 }));
    for (const roots of [shifted, low, three.map(({ ownPage: _, ...root }) => root)]) expect(await namesIn(tasks.bytes, roots)).toEqual({});
    expect(await namesIn(tasks.bytes, three)).toEqual(THREE);
  });

  it('where two processes alone agree', async () => {
    const tasks = new LinuxTasks(new Uint8Array(BYTES), AMD64_LAYOUT, FIRST_TASK);
    tasks.process(0x1000, 1, 'systemd');
    tasks.process(0x5000, 412, 'sshd');
    expect(
      await namesIn(
        tasks.bytes,
        AMD64_ROOTS.map((address) => rootAt(address, '4-level', AMD64_LAYOUT)),
      ),
    ).toEqual({});
  });

  it.each([AMD64_LAYOUT, PAE_LAYOUT])('in noise, in pointers alone, in mm_structs that no task has (%#)', async (layout) => {
    const mode = layout.pointerBytes === 8 ? '4-level' : '32-bit';
    const roots = AMD64_ROOTS.map((address) => rootAt(address, mode, layout));
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 2 ** 31 - 1 }), async (seed) => {
        const tasks = new LinuxTasks(noise(seed, BYTES), layout, FIRST_TASK, seed);
        expect(await namesIn(tasks.bytes, roots)).toEqual({});
        for (const { address } of roots) tasks.twins(tasks.mm(address));
        expect(await namesIn(tasks.bytes, roots)).toEqual({});
      }),
      { numRuns: 10 },
    );
  });

  it('for the neighbour’s where tasks lie close together and names are as short as numbers', async () => {
    const layout = { ...PAE_LAYOUT, task: { bytes: 0x540, mm: 0x90, pid: 0xc0, comm: 0x1d0 }, creds: 'none' } as const;
    const tasks = new LinuxTasks(new Uint8Array(BYTES), layout, FIRST_TASK);
    const mms = AMD64_ROOTS.map((address) => tasks.mm(address));
    for (const [i, name] of ['a', 'w', 'sh', 'id', 'ed'].entries()) tasks.task({ pid: 10 + i, name, mm: mms[i] ?? 0 });
    const roots = AMD64_ROOTS.map((address) => rootAt(address, '32-bit', layout));
    expect(await namesIn(tasks.bytes, roots)).toEqual({});
  });

  it('where all have the same, and no pointers before tell it from any field', async () => {
    const tasks = new LinuxTasks(new Uint8Array(BYTES), { ...AMD64_LAYOUT, creds: 'none' }, FIRST_TASK);
    for (const [i, address] of AMD64_ROOTS.entries()) tasks.process(address, 10 + i, 'same');
    expect(
      await namesIn(
        tasks.bytes,
        AMD64_ROOTS.map((address) => rootAt(address, '4-level', AMD64_LAYOUT)),
      ),
    ).toEqual({});
  });
});

describe('a name is data', () => {
  it('what could be taken for something else is escaped; a field without an end is no name', async () => {
    const { tasks, names } = amd64();
    tasks.process(0x9000, 50, 'a\u001b[31m\\\u00e4');
    tasks.process(0xb000, 51, 'sixteen letters!');
    expect(await names()).toEqual({ ...THREE, '9000': 'a\\x1b[31m\\x5c\\xe4 50' });
  });
});

describe('bad input', () => {
  it.each([
    ['one pointer to a root, over and over', () => [0x1000]],
    ['pointers to roots in turn, each twice', (i: number) => [AMD64_ROOTS[(i >> 1) % 5] ?? 0]],
    ['pointers to what holds them', (i: number) => [i % 2 === 0 ? 0x1000 : (i * 8) & ~31]],
  ])('%s: ends soon, without names', async (_, targets) => {
    const words = new Uint32Array((16 * BYTES) / 4);
    for (let i = 0; i < words.length / 2; i++) {
      words[i * 2] = targets(i)[0] ?? 0;
      words[i * 2 + 1] = 0xffff_8880;
    }
    const started = performance.now();
    const roots = AMD64_ROOTS.map((address) => rootAt(address, '4-level', AMD64_LAYOUT));
    expect(await namesIn(new Uint8Array(words.buffer), roots)).toEqual({});
    expect(performance.now() - started).toBeLessThan(10_000);
  });

  it('stops when asked to, and tells how far it is', async () => {
    const { tasks, roots } = amd64();
    const steps: string[] = [];
    const report = ({ step, done, total }: { step: string; done: number; total?: number }) => void steps.push(`${step} ${done} ${total}`);
    await nameRoots(imageOf(tasks.bytes), roots, { report, check: () => undefined });
    expect(steps).toEqual([`Naming processes: 1 of 1 MB read ${BYTES} ${BYTES}`]);
    const check = () => {
      throw new Cancelled();
    };
    await expect(nameRoots(imageOf(tasks.bytes), roots, { report, check })).rejects.toThrow(Cancelled);
  });
});
