import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { parseVirtual } from '#core/base/hex.ts';
import { quietTask } from '#core/base/task.ts';
import { virtualPage } from '#core/memory/address.ts';
import { bytesSource } from '#core/memory/byte-source.ts';
import type { Explanation, RootChoice, Sentence, Verdict } from '#core/session/contract.ts';
import { openSession, type Session } from '#core/session/session.ts';

/** The e-mail's questions, by number, answered from its own text alone. */
let session: Session;
let root: RootChoice;

beforeAll(async () => {
  const text = await readFile('public/samples/xen-devel-pae-guest-address-maps.txt');
  session = await openSession(bytesSource(new Uint8Array(text), 'mail.txt'), quietTask);
  const [first] = (await session.summary()).roots;
  if (!first) throw new Error('the e-mail names a root');
  root = first;
});

async function about(va: string): Promise<Explanation> {
  const at = parseVirtual(va, 32);
  if (!at) throw new Error(va);
  return session.explain(root, { page: virtualPage(at.page), offset: at.offset });
}

const textOf = ({ parts }: Sentence): string => parts.map((part) => (typeof part === 'string' ? part : part.text)).join('');
const words = async (va: string): Promise<string> => (await about(va)).sentences.map(textOf).join('\n');
const answer = (verdict: Verdict): unknown => (verdict.allowed === false ? verdict.fault : verdict.allowed);
const verdictsOf = async (va: string): Promise<unknown> =>
  (await about(va)).verdicts.map(({ who, read, write, fetch }) => [who, answer(read), answer(write), answer(fetch)]);

describe('F5800000', () => {
  it('is the M2P, read-only (1, 2)', async () => {
    expect((await about('F5800000')).title).toBe('machine-to-physical table (M2P), the guest’s read-only alias');
  });
  it('holds at most 1M frames, and the frame table agrees (2)', async () => {
    const text = await words('F5800000');
    expect(text).toContain('Slots 428 and 429: 4 MB of 4-byte words, so at most 1,048,576 frames, 4 GB.');
    expect(text).toContain('The frame table agrees: 24 MB at 24 bytes a frame is 1,048,576.');
  });
  it('is a leaf: there is no lower table (3)', async () => {
    const [first] = (await about('F5800000')).sentences;
    expect(first && textOf(first)).toBe('A 2 MB leaf: PS is set in fbc000e1. There is no lower table.');
    expect(first?.source).toBe('line 46');
    expect(first?.parts[1]).toEqual({ text: 'fbc000e1', target: { kind: 'table', path: [3], slot: 428 } });
  });
  it('is 168 MB below 4 GB (16) and mapped again at FC800000 (18)', async () => {
    const text = await words('F5800000');
    expect(text).toContain('F5800000 is 168 MB below 4 GB, where Xen’s part begins.');
    expect(text).toContain('FC800000 maps the same frames, writable and global.');
  });
  it('lets ring 1 read and not write (10)', async () => {
    expect(await verdictsOf('F5800000')).toEqual([
      ['ring 0, Xen', true, '#PF 3', true],
      ['ring 1, guest kernel', true, '#PF 3', true],
      ['ring 3, user', '#PF 5', '#PF 7', '#PF'],
    ]);
    expect((await about('F5800000')).verdicts[1]?.decidedBy).toBe('RW 0; segment limit F67FFFFF lets it pass');
  });
});

describe('FDE00000', () => {
  it('is the PTE of C0000000, and that holds (9, 11)', async () => {
    const text = await words('FDE00000');
    expect(text).toContain('FDE00000 is the PTE of C0000000: FD800000 + (C0000000 >> 12) × 8.');
    expect(text).toContain('It holds here: both walks meet at fb14e:000.');
    expect(text).toContain('PD[3] slot 495, fb14f063, names frame fb14f again');
  });
  it('is stopped by the segment limit, not by paging (10)', async () => {
    expect(await verdictsOf('FDE00000')).toEqual([
      ['ring 0, Xen', true, true, true],
      ['ring 1, guest kernel', '#GP', '#GP', '#GP'],
      ['ring 3, user', '#GP', '#GP', '#GP'],
    ]);
  });
});

it('reads the linear page table both ways, for PDEs too (9)', async () => {
  expect(await words('C0000000')).toContain('Its PTE is at FDE00000 = FD800000 + (VA >> 12) × 8, its PDE at FDFEF000.');
  expect(await words('FDFEF000')).toContain('FDFEF000 is the PDE of C0000000: FDFEC000 + (C0000000 >> 21) × 8.');
});

it('tells the root whole: four PDs, three of them zero (13)', async () => {
  const text = await words('C0000000');
  expect(text).toContain('PDPT: four PDs in frames fb152…fb14f, descending; three are zero.');
  expect(text).toContain('Slots 0–3 of PD[3] name four page tables, fb14e…fb14b: C0000000–C07FFFFF, 8 MB.');
});

it('tells elided, zero and absent apart', async () => {
  const elided = await about('C0800000');
  expect(elided.title).toBe('not present: PD[3] slot 4, elided, assumed zero');
  expect(elided.sentences.map(textOf)[1]).toBe('Slots 4–427 are elided: C0800000–F57FFFFF, 848 MB.');
  expect((await about('00000000')).title).toBe('not present: PD[0] slot 0, zero');
  const absent = await about('FF000000');
  expect(absent.title).toBe('behind a table that is not in this dump');
  expect(absent.verdicts[0]?.read).toEqual({ allowed: 'unknown' });
});

it('says at most five sentences anywhere, each with its source', async () => {
  for (const page of [0, 0xc0000, 0xc0001, 0xc0800, 0xf5800, 0xf5c00, 0xf6800, 0xfc800, 0xfd800, 0xfdfef, 0xfe000, 0xfe800, 0xff000, 0xfffff]) {
    const { title, sentences } = await session.explain(root, { page: virtualPage(page), offset: 0 });
    expect(title).not.toBe('');
    expect(sentences.length).toBeGreaterThan(0);
    expect(sentences.length).toBeLessThanOrEqual(5);
    for (const sentence of sentences) expect([textOf(sentence).at(-1), sentence.source === '']).toEqual(['.', false]);
  }
});

describe('what the text tells of a place', () => {
  it('why gdb could not read F5800000, though the walk is fine (5)', async () => {
    const [, second] = (await about('F5800000')).sentences;
    expect(second && textOf(second)).toBe(
      'gdb could not read it: its own walk ignores PS in PAE mode, so takes fbc00 for a table, and maps it as the guest’s own, but it is Xen’s. The walk itself is fine.',
    );
    expect(second?.source).toBe('line 64');
  });
  it('why bcopy from FDE00000 hung, and why dom0 reads it (10, 11, 14)', async () => {
    const text = await words('FDE00000');
    expect(text).toContain('the segment limit F67FFFFF stops it, with #GP. The debugger is not told.');
    expect(text).toContain('dom0 walks in software, fb14f → fb14f again → fb14e, and no segment limit binds it. The guest itself cannot.');
  });
  it('that $23 is no data (17)', async () => {
    expect(await words('C0000000')).toContain('$23 = -897581056 is no data: ca800000 = C0000000 − F5800000, left in EAX.');
  });
  it('that fbc00000 was no frame number (4)', async () => {
    expect(await words('FC800000')).toContain('fbc00000 is a machine address where a frame number, fbc00, is meant.');
  });
});

describe('words of the M2P', () => {
  it('are named, valued and counted (6)', async () => {
    const text = await words('F5800004');
    expect(text).toContain('The word of MFN 1 = (VA − F5800000) / 4: ffffffff, INVALID_M2P_ENTRY, no guest’s RAM.');
    expect(text).toContain(
      'Of this page’s 1,024 words 64 are in the dump: 64 ffffffff, none 55555555 (Xen’s debug fill: never given out), none a PFN.',
    );
  });
  it('of his own frames are elsewhere (7)', async () => {
    expect(await words('F5800004')).toContain(
      'This page covers MFNs 0–3ff only. The guest’s own words: F5BEC54C for fb153 (expect PFN 3ae) and F5B45880 for d1620 (expect PFN 0); not in this dump.',
    );
    expect(await words('F5BEC54C')).toContain('MFN fb153 = (VA − F5800000) / 4: not in this dump; PFN 3ae expected.');
    expect(await words('F5B45880')).toContain('MFN d1620 = (VA − F5800000) / 4: not in this dump; PFN 0 expected.');
  });
  it('are where a PTE’s frame number leads (12)', async () => {
    expect(await words('C0000000')).toContain(
      'the PTE d1620063 (P RW A D, supervisor) names frame d1620, PFN 0 expected: its M2P word is at F5B45880, not in this dump.',
    );
  });
});

describe('the address box', () => {
  const slip = async (text: string): Promise<string> => (await session.readings(root, text, { page: virtualPage(0), offset: 0 })).slip ?? '';
  it('names an address given for a frame number, and whose the frame is (4)', async () => {
    expect(await slip('fbc00000')).toBe(
      'fbc00000 is a machine address; the frame number is fbc00. Line 69 took it for a frame number, at machine address fbc00000000: far beyond this machine. Frame fbc00 is Xen’s own (DOMID_XEN), M2P, read-only: asked for as the guest’s, it is refused too.',
    );
    expect(await slip('0xfbc00')).toMatch(/^Frame fbc00 is Xen’s own/);
  });
  it('names no slip where there is none', async () => {
    for (const text of ['F5800000', 'fb153', 'fb14f', 'd1620', 'C0000000']) expect(await slip(text), text).toBe('');
  });
});

it('keeps what it does not show first', async () => {
  const { more } = await about('F5800000');
  expect(more?.map(textOf).join('\n')).toContain('The word of MFN 0');
});

it('says where the linear page table shows no PTE but a large page’s own bytes', async () => {
  const { sentences, more } = await about('F5800000');
  const all = [...sentences, ...(more ?? [])].map(textOf).join('\n');
  expect(all).toContain('It has no PTE: at FDFAC000, where that would be seen, are bytes of the large page itself.');
});
