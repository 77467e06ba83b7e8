import type { Wrapper } from './wrapper.ts';
import { isZstdStart } from './zstd-frame.ts';

const zstd: Wrapper = {
  id: 'zstd',
  recognise: isZstdStart,
  inflate: async (input, output) => (await import('./unzstd.ts')).unzstd(input, output),
};
export default zstd;
