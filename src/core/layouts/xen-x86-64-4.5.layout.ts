import { COMPAT_M2P, RW_M2P, row, xen64 } from './xen-x86-64.ts';

/** Reference 1.3 (d): checked for 4.5, 4.17 and 4.22. */
export default xen64({
  id: 'xen-x86-64-4.5',
  releases: '4.5 on',
  filled: [0, 384],
  empty: [16, 275],
  directSlots: 10,
  rows: [
    row(0x8080_0000_0000, 512, 'PCI configuration', 'PCI', { note: 'PCI_MCFG: MMCONFIG space' }),
    row(0x8280_0000_0000, 256, 'M2P, writable', 'M2P w', RW_M2P),
    row(0x82c0_0000_0000, 64, 'vmap', 'vmap', { note: 'VMAP: ioremap and the fixmap' }),
    row(0x82d0_0000_0000, 1, 'Compat M2P, writable', 'M2P c w', COMPAT_M2P),
    row(0x82d0_4000_0000, 1, 'Xen', 'Xen', { note: 'XEN_VIRT: text, data and bss; until HIRO_COMPAT_MPT went (2020) the compat M2P lay here' }),
    row(0x82d0_8000_0000, 1, 'Xen, before 2020', 'Xen', { note: 'XEN_VIRT of 4.5 to 4.13' }),
    row(0x82e0_0000_0000, 128, 'Frame table', 'Frames', { note: 'FRAMETABLE: one page_info a machine frame' }),
  ],
});
