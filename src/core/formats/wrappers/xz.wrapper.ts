import { hasText } from '#core/formats/fields.ts';
import type { Wrapper } from './wrapper.ts';

const xz: Wrapper = {
  id: 'xz',
  recognise: (head) => hasText(head, 0, '\xfd7zXZ\0'),
  view: async (source, task) => (await import('./xz-view.ts')).viewXz(source, task),
  inflate: async (input, output) => (await import('./unxz.ts')).unxz(input, output),
};
export default xz;
