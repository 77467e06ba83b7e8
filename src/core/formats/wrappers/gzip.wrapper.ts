import type { Wrapper } from './wrapper.ts';

const gzip: Wrapper = {
  id: 'gzip',
  // RFC 1952: ID1, ID2, and CM 8, the only method there is.
  recognise: (head) => head[0] === 0x1f && head[1] === 0x8b && head[2] === 8,
  view: async (source, task) => (await import('./bgzf-view.ts')).viewBgzf(source, task),
  inflate: async (input, output) => (await import('./gunzip.ts')).gunzip(input, output),
};
export default gzip;
