import { isLz4Start } from './lz4-frame.ts';
import type { Wrapper } from './wrapper.ts';

const lz4: Wrapper = {
  id: 'lz4',
  recognise: isLz4Start,
  view: async (source, task) => (await import('./lz4-view.ts')).viewLz4(source, task),
  inflate: async (input, output) => (await import('./unlz4.ts')).unlz4(input, output),
};
export default lz4;
