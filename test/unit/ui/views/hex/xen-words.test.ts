import { expect, test } from 'vitest';
import { type BytePage, M2P_KINDS, type M2pKind } from '#core/session/contract.ts';
import { xenClass, xenSentence, xenWordAt, xenWordBytes } from '#ui/views/hex/xen-words.ts';

function pageOf(part: Partial<BytePage>, words: readonly number[] = []): BytePage {
  const bytes = new Uint8Array(4096);
  words.forEach((word, index) => {
    new DataView(bytes.buffer).setUint32(index * 4, word, true);
  });
  return { space: 'machine', page: 5, bytes, presence: [{ offset: 0, length: 4096, presence: 'held' }], ...part };
}

const kinds = (...names: readonly M2pKind[]) => Uint8Array.from({ length: 1024 }, (_, word) => M2P_KINDS.indexOf(names[word] ?? 'invalid'));

test('a word of the M2P is named by its frame and says its PFN', () => {
  const page = pageOf({ m2p: { firstMfn: 0xfb153, bytesPerWord: 4, kinds: kinds('valid', 'foreign', 'debug-fill') } }, [0x3ae, 0xbadf, 0x5555_5555]);
  expect(xenWordBytes(page)).toBe(4);
  expect(xenWordAt(page, 2)).toMatchObject({ name: 'M2P[fb153]', value: 'PFN 3ae' });
  expect(xenWordAt(page, 4)).toMatchObject({ name: 'M2P[fb154]', value: 'PFN badf', meaning: expect.stringContaining('not lead back') });
  expect(xenWordAt(page, 8)).toMatchObject({ name: 'M2P[fb155]', value: '55555555' });
  expect([0, 4, 8, 12].map((offset) => xenClass(page, offset))).toEqual(['hex-m-valid', 'hex-m-foreign', 'hex-m-debug-fill', 'hex-m-invalid']);
});

test('a word that is not there has no value', () => {
  const page = pageOf({ m2p: { firstMfn: 0, bytesPerWord: 4, kinds: kinds('unknown') } });
  const word = xenWordAt(page, 0);
  expect(word?.value).toBe('');
  expect(word && xenSentence(word)).toBe('M2P[0], this word is not in the dump');
});

test('a field of start_info is named over all its bytes, and no others', () => {
  const field = { name: 'nr_pages', offset: 32, size: 4, value: 0x2000, meaning: 'frames the domain owned at boot', source: 'xen.h' };
  const page = pageOf({ struct: { name: 'start_info', fields: [field] } });
  expect([31, 32, 35, 36].map((offset) => xenClass(page, offset))).toEqual(['', 'hex-field', 'hex-field', '']);
  const word = xenWordAt(page, 34);
  expect(word && xenSentence(word)).toBe('start_info.nr_pages = 2000, frames the domain owned at boot');
  expect(xenWordAt(page, 36)).toBeUndefined();
});
