import { beforeAll, describe, expect, it } from 'vitest';
import { quietTask } from '#core/base/task.ts';
import { virtualPage } from '#core/memory/address.ts';
import { bytesSource } from '#core/memory/byte-source.ts';
import type { RootChoice } from '#core/session/contract.ts';
import { openSession, type Session } from '#core/session/session.ts';
import { XEN_GUEST, xenDump } from '../../../support/xen-dump.ts';

describe('an entry that holds a PFN', () => {
  let session: Session;
  let root: RootChoice;
  beforeAll(async () => {
    session = await openSession(bytesSource(xenDump()), quietTask);
    const [first] = (await session.summary()).roots;
    if (!first) throw new Error('the dump names a root');
    root = first;
    await session.atlas(root);
  });

  const told = async (page: number): Promise<string> => {
    const { sentences } = await session.explain(root, { page: virtualPage(page), offset: 0 });
    return sentences.map(({ parts }) => parts.map((part) => (typeof part === 'string' ? part : part.text)).join('')).join(' ');
  };

  it('is named with the frame that was meant, also amid a run', async () => {
    for (const pfn of [5, 6])
      expect(await told(0xc0000 + pfn)).toContain(
        `holds ${pfn}, a PFN, where an MFN is due: the builder put this PFN at this very address. P2M[${pfn}] is MFN ${(XEN_GUEST.firstMfn + pfn).toString(16)}.`,
      );
  });

  it('is not said of its neighbours', async () => {
    for (const pfn of [4, 7]) expect(await told(0xc0000 + pfn)).not.toContain('a PFN, where');
  });

  it('is listed for the page, in rows and windows of rows', async () => {
    const slips = await session.pfnSlips(root, 0, 10);
    expect(slips).toMatchObject({ counts: { place: 2, table: 0, neighbour: 0 }, runs: 1 });
    expect(slips?.rows).toMatchObject([{ page: { page: 0xc0005 }, entries: 2, pfn: 5, meant: XEN_GUEST.firstMfn + 5, namesTable: false }]);
    expect((await session.pfnSlips(root, 1, 10))?.rows).toEqual([]);
    expect((await session.pfnSlips(root, -3, 2 ** 40))?.rows).toHaveLength(1);
  });
});
