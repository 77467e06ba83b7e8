import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { siblingOf, siblingUrls } from '#cli/sibling-file.ts';

test('the other half of a pair is found by its name, where it is there', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'pagewalk-'));
  try {
    const at = (name: string): string => join(folder, name);
    for (const name of ['a.vmem', 'a.vmsn', 'b.vmem', 'c.raw', 'c.vmss']) await writeFile(at(name), '');
    expect(await siblingOf(at('a.vmem'))).toBe(at('a.vmsn'));
    expect(await siblingOf(at('a.vmsn'))).toBe(at('a.vmem'));
    for (const name of ['b.vmem', 'c.raw', 'c.vmss', 'none']) expect(await siblingOf(at(name))).toBeUndefined();
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('where it may lie on a server is said and not looked for', async () => {
  expect(siblingUrls('https://a/b.vmem?c')).toEqual(['https://a/b.vmss', 'https://a/b.vmsn']);
  for (const path of ['https://a/b.elf', 'b.vmem']) expect(siblingUrls(path)).toEqual([]);
});
