import { hex } from '#core/base/hex.ts';
import { CANONICAL_4, canonicalBorder } from './canonical.ts';
import { presentEntry } from './evidence.ts';
import type { Layout, LayoutEvidence, LayoutRule } from './layout.ts';
import { inOrderFrom } from './linux-rules.ts';
import { GB, PML4_SLOT, pageOf, windows } from './spans.ts';

/** L4_SLOT_PTE, L4_SLOT_KERN and L4_SLOT_KERNBASE (NetBSD sys/arch/amd64/include/pmap.h 1.1 to 1.34, OpenBSD the same). */
const SELF = 255;
const KERN = 256;
const KERNBASE = 511;
/** Xen’s own linear page table: then what lies above is the hypervisor’s (reference 1.3). */
const XEN_LINEAR = 258;

/** All other known systems keep their self-map in the upper half. */
function selfMap(evidence: LayoutEvidence): string | undefined {
  const own = evidence.frameOf([]);
  const at = (slot: number) => presentEntry(evidence, [], slot);
  if (own === undefined || at(SELF)?.frame !== own || at(XEN_LINEAR)?.frame === own) return undefined;
  if (!at(KERN) || !at(KERNBASE)) return undefined;
  return `PML4 slot ${SELF} names the PML4’s own frame ${hex(own)}, slots ${KERN} and ${KERNBASE} hold the kernel, as NetBSD up to 8 and OpenBSD have it`;
}

/** L4_SLOT_DIRECT was 509, 510, then four slots from 507 on, then drawn at boot: but always the start of a slot. */
const directMap: LayoutRule = {
  name: 'Direct map',
  shortName: 'Direct map',
  explains(stretch) {
    const base = stretch.shift ?? 0;
    return base > KERN * PML4_SLOT && base % PML4_SLOT === 0 ? inOrderFrom(stretch, base, 48) : undefined;
  },
};

const layout: Layout = {
  id: 'netbsd-openbsd-amd64',
  label: 'NetBSD up to 8 or OpenBSD, amd64',
  modes: ['4-level'],
  fits(evidence) {
    const self = selfMap(evidence);
    return self ? { score: 45, reasons: [self] } : { score: 0, reasons: [] };
  },
  spans: [
    ...windows('NetBSD and OpenBSD sys/arch/amd64/include/pmap.h', 'user half', false, [
      [SELF * PML4_SLOT, PML4_SLOT, 'Linear page table', 'PTE_BASE', { role: 'linear-page-table', note: 'PTE_BASE: the PML4 names itself' }],
    ]),
    ...windows('NetBSD and OpenBSD sys/arch/amd64/include/pmap.h, param.h', 'kernel half', false, [
      [KERN * PML4_SLOT, PML4_SLOT, 'Kernel map', 'Kernel map', { note: 'from VM_MIN_KERNEL_ADDRESS on' }],
      [pageOf(0xffff_8000_0000), 2 * GB, 'Kernel image', 'Kernel', { note: 'from KERNBASE on' }],
    ]),
  ],
  borders: [canonicalBorder(CANONICAL_4)],
  sides: [
    { firstPage: 0, name: 'user half' },
    { firstPage: CANONICAL_4.firstUpper, name: 'kernel half' },
  ],
  rules: [directMap],
  rings: 'native',
};
export default layout;
