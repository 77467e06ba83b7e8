import { COMPAT_M2P, RW_M2P, row, xen64 } from './xen-x86-64.ts';

/** Reference 1.3 (b). */
export default xen64({
  id: 'xen-x86-64-3.1',
  releases: '3.1–3.4',
  filled: [0, 16, 48],
  empty: [256, 320, 384],
  directSlots: 2,
  rows: [
    row(0x8280_0000_0000, 16, 'M2P, writable', 'M2P w', RW_M2P),
    row(0x8284_0000_0000, 16, 'Frame table', 'Frames', { note: 'FRAMETABLE: one page_info a machine frame' }),
    row(0x8288_0000_0000, 16, 'I/O remap', 'I/O remap', { note: 'IOREMAP: devices and the fixmap' }),
    row(0x828c_0000_0000, 1, 'Compat M2P, writable', 'M2P c w', COMPAT_M2P),
    row(0x828c_4000_0000, 1, 'Compat M2P, read-only', 'M2P c r', { note: 'HIRO_COMPAT_MPT' }),
    row(0x828c_8000_0000, 1, 'Xen', 'Xen', { note: 'XEN_VIRT: text, data and bss (3.4)' }),
  ],
});
