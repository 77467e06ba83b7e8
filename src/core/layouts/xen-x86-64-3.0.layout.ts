import { RW_M2P, row, xen64 } from './xen-x86-64.ts';

/** Reference 1.3 (a): Xen’s image lies in the direct map. */
export default xen64({
  id: 'xen-x86-64-3.0',
  releases: '3.0.x',
  filled: [0, 16],
  empty: [48, 50, 256, 320, 384],
  directSlots: 2,
  rows: [
    row(0x8280_0000_0000, 16, 'M2P, writable', 'M2P w', RW_M2P),
    row(0x8284_0000_0000, 16, 'Frame table', 'Frames', { note: 'FRAMETABLE: one page_info a machine frame' }),
    row(0x8288_0000_0000, 16, 'I/O remap', 'I/O remap', { note: 'IOREMAP: devices and the fixmap' }),
  ],
});
