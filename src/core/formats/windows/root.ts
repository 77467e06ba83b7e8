import { hex, hexWord64 } from '#core/base/hex.ts';
import type { RootHint } from '#core/formats/format.ts';
import { MACHINE_END } from '#core/memory/address.ts';
import type { PagingModeId } from '#core/paging/mode.ts';
import { pagingMode, rootInCr3, usualFeatures } from '#core/paging/modes.ts';
import { IMAGE_AMD64, type WindowsHeader } from './header.ts';

/** CR3 of the process that crashed; the header has no other control register, nor those of other processors. */
export function rootOfHeader(header: WindowsHeader): RootHint {
  const [mode, why] = modeOf(header);
  return {
    address: rootInCr3(pagingMode(mode), header.directoryTableBase % (header.wide ? MACHINE_END : 2 ** 32)),
    mode,
    origin: 'DirectoryTableBase',
    reason: `DirectoryTableBase in the header is ${hex(header.directoryTableBase, 8)}; ${why}. ${whereItRan(header)}CR0 and CR4 are not in the header.`,
    features: { ...usualFeatures, nxe: mode !== '32-bit' },
  };
}

function modeOf({ wide, machine, paeEnabled, directoryTableBase }: WindowsHeader): readonly [PagingModeId, string] {
  if (wide || machine === IMAGE_AMD64) return ['4-level', 'MachineImageType is x86-64, so 4 levels (5 where the CPU had CR4.LA57 set)'];
  if (paeEnabled === 1) return ['pae', 'PaeEnabled is 1'];
  if (paeEnabled === 0) return ['32-bit', 'PaeEnabled is 0, so 2 levels of 4-byte entries'];
  const within = directoryTableBase % 4096 >= 32;
  return within
    ? ['pae', `PaeEnabled is filler (${hex(paeEnabled, 2)}), but the root begins within a frame, so PAE`]
    : ['32-bit', `PaeEnabled is filler (${hex(paeEnabled, 2)}), so 2 levels are assumed; choose PAE by hand if that fits better`];
}

/** "PAGE", with which unused fields are filled. */
const FILLER = 0x45474150;

function whereItRan({ wide, context: { cs, ipHigh, ipLow } }: WindowsHeader): string {
  if ((ipHigh === 0 && ipLow === 0) || ipLow === FILLER) return '';
  const at = wide ? hexWord64(ipHigh, ipLow) : hex(ipLow, 8);
  return `The processor whose context the header holds was at ${at}${cs % 4 === 3 ? ', in user mode' : ''}. `;
}
