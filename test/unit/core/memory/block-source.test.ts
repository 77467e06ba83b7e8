import { expect, test } from 'vitest';
import { BlockRows, BlockSource, type Unpack } from '#core/memory/block-source.ts';
import { bytesSource } from '#core/memory/byte-source.ts';

const BLOCK = 1000;

/** Ten blocks, each packed as one byte that is repeated. */
function tenBlocks(unpack?: Unpack) {
  const rows = new BlockRows();
  for (let block = 0; block < 10; block++) rows.add(block, 1, BLOCK);
  const unpacked: number[] = [];
  const source = bytesSource(Uint8Array.from({ length: 10 }, (_, index) => index + 1));
  const blocks = new BlockSource(source, rows.table(), async (packed, output, block) => {
    unpacked.push(block);
    const fault = await unpack?.(packed, output, block);
    if (fault === undefined) output.append(new Uint8Array(BLOCK).fill(packed[0] ?? 0));
    return fault;
  });
  return { blocks, unpacked };
}

test('only the blocks that are read are unpacked, and once, by reads at the same time too', async () => {
  const { blocks, unpacked } = tenBlocks();
  const [a, b] = await Promise.all([blocks.read(2990, 1020), blocks.read(3500, 10)]);
  expect([a.length, a[9], a[10], a[1010], b[0]]).toEqual([1020, 3, 4, 5, 4]);
  await blocks.read(2000, 3000);
  expect(unpacked).toEqual([2, 3, 4]);
  expect((await blocks.read(9990, 100)).length).toBe(10);
  expect((await blocks.read(20_000, 10)).length).toBe(0);
});

test('a damaged block is zeros and told; its neighbours are whole', async () => {
  const { blocks } = tenBlocks((_, output, block) => {
    if (block !== 4) return undefined;
    output.append(new Uint8Array(10).fill(99));
    return 'it is bad';
  });
  const bytes = await blocks.read(3999, 1002);
  expect([bytes[0], bytes.subarray(1, 1001).every((byte) => byte === 0), bytes[1001]]).toEqual([4, true, 6]);
  const reason = 'the packed block at byte 4 of the file is damaged (it is bad)';
  expect(blocks.lost(0, 10_000)).toEqual([{ offset: 4000, length: 1000, reason }]);
  expect(blocks.lost(4500, 10)).toEqual([{ offset: 4500, length: 10, reason }]);
  expect(blocks.lost(0, 4000)).toEqual([]);
});

test('a block of another length than its table tells is damaged', async () => {
  const { blocks } = tenBlocks((_, output, block) => {
    if (block === 1) output.append(new Uint8Array(1));
    return undefined;
  });
  await blocks.read(0, 3000);
  expect(blocks.lost(0, 3000)).toEqual([expect.objectContaining({ offset: 1000, length: 1000 })]);
});

test('where the medium fails the read fails, and the next one tries again', async () => {
  let fails = true;
  const { blocks } = tenBlocks(() => {
    if (fails) throw new Error('unplugged');
    return undefined;
  });
  await expect(blocks.read(0, 10)).rejects.toThrow('unplugged');
  fails = false;
  expect((await blocks.read(0, 10))[0]).toBe(1);
  expect(blocks.lost(0, 10)).toEqual([]);
});
