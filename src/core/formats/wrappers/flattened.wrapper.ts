import { hasText } from '#core/formats/fields.ts';
import type { Wrapper } from './wrapper.ts';

/** What `makedumpfile -F` and QEMU's dump-guest-memory -z, -l and -s write (dump-formats, section 4c). */
const flattened: Wrapper = {
  id: 'flattened',
  recognise: (head) => hasText(head, 0, 'makedumpfile\0\0\0\0'),
  view: async (source, task) => (await import('./unflatten.ts')).unflatten(source, task),
};
export default flattened;
