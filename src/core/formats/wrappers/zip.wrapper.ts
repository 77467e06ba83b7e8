import { hasText } from '#core/formats/fields.ts';
import type { Wrapper } from './wrapper.ts';

const zip: Wrapper = {
  id: 'zip',
  recognise: (head) => hasText(head, 0, 'PK\x03\x04'),
  view: async (source, task, room) => (await import('./zip-view.ts')).viewZip(source, task, room),
};
export default zip;
