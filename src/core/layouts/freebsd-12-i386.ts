import { MB, windows } from './spans.ts';

const SHARED = 0xffc00;

/**
 * What FreeBSD i386 from 12 on has whatever the width of its entries: kernel and user each have the whole space but for 4 MB of trampoline
 * that both map. PTDPTDI is NPDEPTD − NTRPPTD − NPGPTD, right below it (sys/i386/include/pmap.h); the comment in vmparam.h that puts it at
 * FFC00000 is not what the code does.
 */
export const freebsd12 = (linearPage: number, linearPages: number) => ({
  spans: [
    ...windows('FreeBSD sys/i386/include/vmparam.h', 'kernel or user', false, [
      [0x400, 4 * MB, 'Low memory', 'Low memory', { note: 'of the kernel: frames from 0 on' }],
      [0x800, linearPage - 0x800, 'Kernel, or user', 'Kernel, or user', { note: 'KERNBASE is 00800000; in a process’s own tables the user’s' }],
    ]),
    ...windows('FreeBSD sys/i386/include/pmap.h, pmap_pae.h, pmap_nopae.h', 'kernel or user', false, [
      [linearPage, linearPages, 'Linear page table', 'PTmap', { role: 'linear-page-table', note: 'PTmap: the directory names itself' }],
    ]),
    ...windows('FreeBSD sys/i386/include/vmparam.h', 'kernel and user', false, [
      [SHARED, 4 * MB, 'Trampoline', 'Trampoline', { note: 'GDT, IDT, TSS, entry code and stacks: mapped for kernel and user alike' }],
    ]),
  ],
  borders: [{ page: SHARED, label: 'mapped for kernel and user', kind: 'owner' as const }],
  sides: [
    { firstPage: 0, name: 'kernel or user' },
    { firstPage: SHARED, name: 'kernel and user' },
  ],
  rings: 'native' as const,
});
