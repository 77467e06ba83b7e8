import { hex } from '#core/base/hex.ts';
import { presentEntry } from './evidence.ts';
import type { Layout, LayoutEvidence } from './layout.ts';
import { windowsX86 } from './windows-x86.ts';

const SELF = 0x300;

/** PDE 300 (hex) names the directory: page tables at C0000000, the directory at C0300000 (reference 5.4, 8). */
function selfMap(evidence: LayoutEvidence): string | undefined {
  const own = evidence.frameOf([]);
  if (own === undefined || presentEntry(evidence, [], SELF)?.frame !== own) return undefined;
  return `PDE ${SELF} names the directory’s own frame ${hex(own)}: page tables at C0000000, as Windows has them`;
}

const layout: Layout = windowsX86('windows-x86', 'Windows x86, 2 levels', '32-bit', 4, selfMap);
export default layout;
