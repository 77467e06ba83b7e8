import { COMPAT_M2P, RW_M2P, row, xen64 } from './xen-x86-64.ts';

/** Reference 1.3 (c). */
export default xen64({
  id: 'xen-x86-64-4.0',
  releases: '4.0–4.2',
  filled: [0, 272, 274],
  empty: [16, 320, 384],
  directSlots: 10,
  rows: [
    row(0x8080_0000_0000, 512, 'PCI configuration', 'PCI', { note: 'PCI_MCFG: MMCONFIG space' }),
    row(0x8280_0000_0000, 256, 'M2P, writable', 'M2P w', RW_M2P),
    row(0x82c0_0000_0000, 16, 'I/O remap', 'I/O remap', { note: 'IOREMAP: devices and the fixmap' }),
    row(0x82c4_0000_0000, 1, 'Compat M2P, writable', 'M2P c w', COMPAT_M2P),
    row(0x82c4_4000_0000, 1, 'Compat M2P, read-only', 'M2P c r', { note: 'HIRO_COMPAT_MPT' }),
    row(0x82c4_8000_0000, 1, 'Xen', 'Xen', { note: 'XEN_VIRT: text, data and bss' }),
    row(0x82f6_0000_0000, 40, 'Frame table', 'Frames', { note: 'FRAMETABLE: one page_info a machine frame' }),
  ],
});
