import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { bytesOfText, virtualShort } from '#core/base/hex.ts';
import { quietTask } from '#core/base/task.ts';
import { bytesSource } from '#core/memory/byte-source.ts';
import type { AtlasSummary } from '#core/session/contract.ts';
import { openSession } from '#core/session/session.ts';

async function atlasOf(sample: string): Promise<AtlasSummary> {
  const session = await openSession(bytesSource(new Uint8Array(await readFile(`public/samples/${sample}`)), sample), quietTask);
  const [root] = (await session.summary()).roots;
  if (!root) throw new Error('no root');
  return session.atlas(root);
}

describe('the e-mail', () => {
  it('is a Xen PAE space: eight windows high to low with what is mapped of them', async () => {
    const atlas = await atlasOf('xen-devel-pae-guest-address-maps.txt');
    expect(atlas.layout).toMatchObject({ id: 'xen-pae', automatic: true });
    expect(atlas.layout.reasons.join(' ')).toContain('slot 495 names PD[3]’s own frame fb14f');
    const windows = atlas.regions
      .filter(({ reserved }) => reserved)
      .map((region) => {
        const size = bytesOfText(region.mappedPages * 4096, region.pageCount * 4096);
        return `${virtualShort(region.firstPage, 32)} ${region.name}: ${size}, ${region.rights}, ${region.kind}`;
      });
    expect(windows.toReversed()).toEqual([
      'FFC00000 I/O remap: 0 of 4 MB, ---, absent',
      'FF000000 Direct map: 0 of 12 MB, ---, absent',
      'FE800000 Per-domain: 0 of 8 MB, ---, absent',
      'FE000000 Shadow linear table: 0 of 8 MB, ---, elided',
      'FD800000 Linear page table: 144 KB of 8 MB, mix, loop',
      'FC800000 M2P, writable: 4 of 16 MB, rwx, writable',
      'F6800000 Frame table: 24 of 96 MB, rwx, writable',
      'F5800000 M2P, read-only: 4 of 16 MB, r-x, read-only',
    ]);
    expect(atlas.borders.map(({ label }) => label)).toEqual(['Xen and guest', 'segment limit F67FFFFF']);
    const { user: _, fetch: __, ...kinds } = atlas.counts;
    expect(Object.values(kinds).reduce((sum, pages) => sum + pages, 0)).toBe(2 ** 20);
  });
});

describe('the Linux PAE guest', () => {
  it('is named by rules where there is one, else by its make-up', async () => {
    const atlas = await atlasOf('linux-pae-slim.elf.gz');
    expect(atlas.layout.id).toBe('linux-i386-pae');
    const names = atlas.regions.filter(({ side }) => side === 'kernel').map(({ name }) => name);
    expect(names).toEqual(['Direct map', 'Kernel text', 'Constants', 'Direct map', 'vmalloc', 'CPU entry area', 'Fixmap']);
    for (const region of atlas.regions.filter(({ side }) => side === 'user')) expect(region.name).toMatch(/^[\d,]+ (page|of)|^P 0, not zero$/);
  });
});
