import { hex } from '#core/base/hex.ts';
import { presentEntry } from './evidence.ts';
import type { Layout, LayoutEvidence } from './layout.ts';
import { windowsX86 } from './windows-x86.ts';

/** Slots 0–3 of PD[3] name the four PDs: page tables at C0000000 (reference 5.4, 7.4, 8). */
function selfMap(evidence: LayoutEvidence): string | undefined {
  const directories = [0, 1, 2, 3].map((slot) => evidence.frameOf([slot]));
  const holds = directories.every((frame, i) => frame !== undefined && presentEntry(evidence, [3], i)?.frame === frame);
  return holds
    ? `slots 0–3 of PD[3] name the four PDs (PD[3] is ${hex(directories[3] ?? 0)}): page tables at C0000000, as Windows has them`
    : undefined;
}

const layout: Layout = windowsX86('windows-x86-pae', 'Windows x86, PAE', 'pae', 8, selfMap);
export default layout;
