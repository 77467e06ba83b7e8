import { countEntries } from './evidence.ts';
import type { Layout, LayoutEvidence } from './layout.ts';

const SOURCE = 'Xen 3.4–4.17, xen/arch/x86/include/asm/config.h, COMPAT';
const LOWEST_M2P = 428;
/** FFE00000 up is never used: MACH2PHYS_COMPAT_VIRT_END. */
const HIGHEST_M2P = 510;
const LAST = 511;

/** Xen's PDEs there are 2 MB leaves of the supervisor, read-only, not global: 081, or 0a1 once accessed. */
const isM2pLeaf = (flags: number): boolean => (flags & 0xfdf) === 0x081;

function m2pLeaves(evidence: LayoutEvidence): string | undefined {
  const leaves = countEntries(evidence, [3], LOWEST_M2P, HIGHEST_M2P, (entry) => isM2pLeaf(entry.flags));
  const others = countEntries(evidence, [3], LOWEST_M2P, LAST, (entry) => !isM2pLeaf(entry.flags));
  if (leaves === 0 || others > 0) return undefined;
  return `from F5800000 up PD[3] holds ${leaves} read-only 2 MB ${leaves === 1 ? 'leaf' : 'leaves'} (flags 081 or 0a1) and nothing else: the M2P that a 64-bit Xen lends a 32-bit guest`;
}

/** Native PAE keeps these bits clear; the 64-bit Xen walks the guest's four entries as a level-3 table and sets them. */
function rightsInPdptes(evidence: LayoutEvidence): string | undefined {
  const withRights = countEntries(evidence, [], 0, 3, (entry) => entry.writable && entry.user);
  return withRights === 0 ? undefined : `${withRights} of the 4 PDPTEs have RW and US set, as a 64-bit Xen sets them`;
}

const layout: Layout = {
  id: 'xen-compat',
  label: '32-bit guest on 64-bit Xen',
  modes: ['pae', 'pae-under-xen64'],
  fits(evidence) {
    const leaves = m2pLeaves(evidence);
    const rights = rightsInPdptes(evidence);
    const mode = evidence.mode === 'pae-under-xen64' ? 'the root is read as 64-bit Xen reads it, with rights in the PDPTEs' : undefined;
    const reasons = [leaves, rights, mode].filter((reason) => reason !== undefined);
    return { score: (leaves ? 40 : 0) + (rights ? 20 : 0) + (mode ? 20 : 0), reasons };
  },
  spans: [
    {
      firstPage: 0xf5800,
      pageCount: 0xffe00 - 0xf5800,
      name: 'M2P, read-only',
      shortName: 'M2P',
      source: SOURCE,
      side: 'Xen',
      note: 'RO_COMPAT_MPT: it may begin higher than F5800000 (hv_compat_vstart) and ends below FFE00000',
      role: 'm2p',
      bytesPerFrame: 4,
    },
  ],
  borders: [{ page: 0xf5800, label: 'Xen and guest', kind: 'owner' }],
  sides: [
    { firstPage: 0, name: 'guest' },
    { firstPage: 0xf5800, name: 'Xen' },
  ],
  guestBasePage: 0xc0000,
  // Compat segments are flat 4 GB: no limit. Protection is by paging alone.
  rings: 'xen-pv-32',
};
export default layout;
