import type { Wrapper } from './wrapper.ts';
import { isZstdStart } from './zstd-frame.ts';

const zstd: Wrapper = {
  id: 'zstd',
  recognise: isZstdStart,
  view: async (source, task) => (await import('./zstd-view.ts')).viewZstd(source, task),
  inflate: async (input, output) => (await import('./unzstd.ts')).unzstd(input, output),
};
export default zstd;
