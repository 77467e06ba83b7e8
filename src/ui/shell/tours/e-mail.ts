import type { TourStep } from './tours.ts';

/** “PAE guest address maps?”, xen-devel: what its author asked, tried or took for granted, in the order of the mail. */
export const steps: readonly TourStep[] = [
  {
    question: 'Which region is each slot of my page directory?',
    answer: 'Eight regions of Xen’s, 168 MB from F5800000 up, named on the map by Xen’s config.h with what is present of each.',
    goal: { at: 'F5800000' },
  },
  {
    question: 'Two entries map F580.0000 for 4 MB: is that the machine-to-physical table?',
    answer: 'Yes, read-only: 4 MB of 4-byte words speak of 1,048,576 frames, so of at most 4 GB. The frame table agrees.',
    goal: { at: 'F5800000' },
  },
  {
    question: 'Which L0 pages does the L1 page table fbc00000 use?',
    answer: 'None: there is no lower table. PS is set, so the PDE maps 2 MB of memory itself.',
    goal: { at: 'F5A00000' },
  },
  {
    question: 'dump64-mfn 0xfbc00000: “Couldn’t map mfn”',
    answer: 'That is an address; the frame number is fbc00. And that frame is Xen’s, so as the guest’s it is refused too.',
    goal: { type: 'fbc00000' },
  },
  {
    question: 'gdb: “Cannot access memory at address 0xf5800000”',
    answer: 'gdb’s own walk ignores PS in PAE mode and maps as the guest’s own. The walk itself is fine.',
    goal: { at: 'F5800000' },
  },
  {
    question: 'What am I to make of ffffffff and 55555555?',
    answer: 'ffffffff: the frame is no guest’s RAM. 55555555: Xen’s boot-time debug fill, never given to a guest.',
    goal: { at: 'F5800004' },
  },
  {
    question: 'The first page of the table tells me nothing of my guest',
    answer: 'It covers MFNs 0–3ff only. The word of fb153, the root, is at F5BEC54C: PFN 3ae expected, not in this dump.',
    goal: { at: 'F5BEC54C', view: 'm2p' },
  },
  {
    question: 'Is there any documentation, any sample code?',
    answer: 'A card: width, index, address, the check P2M[M2P[m]] = m, and the C to do it.',
    goal: { sheet: 'm2p' },
  },
  {
    question: 'Is ((va & FFFFF000) >> 9) + FD800000 the PTE of va?',
    answer: 'Yes, and both walks meet at the same byte. The PDE is at FDFEC000 + (va >> 21) × 8.',
    goal: { at: 'FDE00000' },
  },
  {
    question: 'Why does bcopy(0xfde00000, …) hang?',
    answer: 'The page is mapped and ring 1 is supervisor; the segment limit F67FFFFF stops it with #GP. The debugger is not told.',
    goal: { at: 'FDE00000' },
  },
  {
    question: '… and why can dom0 read it?',
    answer: 'It walks in software from outside: fb14f, slot 495 → fb14f again → fb14e. No segment limit stands before it.',
    goal: { at: 'FDE00000' },
  },
  {
    question: 'What does 00000000d1620063 say?',
    answer: 'P RW A D, supervisor: frame d1620, PFN 0 expected. Its M2P word, F5B45880, is not in this dump.',
    goal: { at: 'C0000000' },
  },
  {
    question: 'Only page 3 of the 4 page directories needs to have anything',
    answer: 'So it is: four PDs in frames fb152…fb14f, three of them zero; C0000000–C07FFFFF is 8 MB in four page tables.',
    goal: { at: 'C0000000' },
  },
  {
    question: 'May I use the existing recursive page table?',
    answer: 'Not from inside the guest: it lies above the segment limit. From here any address’s PTE is one click.',
    goal: { at: 'FDE00000' },
  },
  {
    question: 'I want my own recursive table, so I need the machine-to-physical table',
    answer: 'What you need is P2M, start_info.mfn_list. The planner shows the four PDEs to write, and that this Xen refuses them.',
    goal: { sheet: 'plan' },
  },
  {
    question: 'It is 168 MB below 4 GB',
    answer: 'Right: 100000000 − F5800000 is 168 MB.',
    goal: { at: 'F5800000' },
  },
  {
    question: '$23 = -897581056',
    answer: 'No data: ca800000 = C0000000 − F5800000, what bcopy left in EAX.',
    goal: { at: 'C0000000' },
  },
  {
    question: 'The same frames at F5800000 and at FC800000',
    answer: 'An alias: read-only at F5800000, writable and global at FC800000. The frame lists both.',
    goal: { at: 'FC800000' },
  },
];
