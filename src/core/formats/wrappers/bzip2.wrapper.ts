import { hasText } from '#core/formats/fields.ts';
import type { Wrapper } from './wrapper.ts';

/** Of a block (the digits of π), and of the end of an empty file (those of its square root). */
const BLOCK = '\x31\x41\x59\x26\x53\x59';
const END = '\x17\x72\x45\x38\x50\x90';

const bzip2: Wrapper = {
  id: 'bzip2',
  recognise: (head) =>
    hasText(head, 0, 'BZh') && (head[3] ?? 0) >= 0x31 && (head[3] ?? 0) <= 0x39 && (hasText(head, 4, BLOCK) || hasText(head, 4, END)),
  inflate: async (input, output) => (await import('./bunzip2.ts')).bunzip2(input, output),
};
export default bzip2;
