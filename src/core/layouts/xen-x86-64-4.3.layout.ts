import { COMPAT_M2P, RW_M2P, row, xen64 } from './xen-x86-64.ts';

/** Reference 1.3 (c), last line: read for 4.3; that 4.4 is the same is taken from 4.5’s changes. */
export default xen64({
  id: 'xen-x86-64-4.3',
  releases: '4.3–4.4',
  filled: [0, 275, 384],
  empty: [16, 320, 321],
  directSlots: 10,
  rows: [
    row(0x8080_0000_0000, 512, 'PCI configuration', 'PCI', { note: 'PCI_MCFG: MMCONFIG space' }),
    row(0x8280_0000_0000, 256, 'M2P, writable', 'M2P w', RW_M2P),
    row(0x82c0_0000_0000, 16, 'I/O remap', 'I/O remap', { note: 'IOREMAP: devices and the fixmap' }),
    row(0x82c4_0000_0000, 1, 'Domain pages', 'Domain pages', { note: 'GLOBALDOMPAGE: the global map of domain pages' }),
    row(0x82c4_4000_0000, 1, 'Compat M2P, writable', 'M2P c w', COMPAT_M2P),
    row(0x82c4_8000_0000, 1, 'Compat M2P, read-only', 'M2P c r', { note: 'HIRO_COMPAT_MPT' }),
    row(0x82c4_c000_0000, 1, 'Xen', 'Xen', { note: 'XEN_VIRT: text, data and bss' }),
    row(0x82e0_0000_0000, 128, 'Frame table', 'Frames', { note: 'FRAMETABLE: one page_info a machine frame' }),
  ],
});
