import { isLz4Start } from './lz4-frame.ts';
import type { Wrapper } from './wrapper.ts';

const lz4: Wrapper = {
  id: 'lz4',
  recognise: isLz4Start,
  inflate: async (input, output) => (await import('./unlz4.ts')).unlz4(input, output),
};
export default lz4;
