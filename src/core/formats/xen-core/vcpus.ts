import { commas } from '#core/base/hex.ts';
import type { Problem } from '#core/base/problem.ts';
import type { ByteSource } from '#core/memory/byte-source.ts';
import type { PagingModeId } from '#core/paging/mode.ts';
import { unfoldCr3 } from '#core/xen/folded-cr3.ts';
import type { CoreNotes } from './core-notes.ts';
import type { PageIndex } from './page-index.ts';
import type { Section } from './sections.ts';
import { contextBytes, readContext, type VcpuContext, widthByCs } from './vcpu-context.ts';

export interface Vcpus {
  readonly wordBytes: 4 | 8;
  /** Mode of a PV guest's tables; an HVM guest's is seen in its tables. */
  readonly mode: PagingModeId;
  readonly list: readonly VcpuContext[];
  readonly problems: readonly Problem[];
}

export interface VcpuQuestion {
  readonly source: ByteSource;
  readonly section?: Section;
  readonly guest: CoreNotes;
  readonly index: PageIndex;
}

/** Xen has at most 8,192 virtual CPUs a guest. */
const MOST_VCPUS = 8192;

/** Contexts of all VCPUs that the file holds. The slot is the section's entry size: 5168 bytes even for a 32-bit guest. */
export async function readVcpus({ source, section, guest, index }: VcpuQuestion): Promise<Vcpus> {
  const stride = strideOf(section, guest);
  const wanted = Math.min(guest.vcpus, MOST_VCPUS, Math.floor((section?.fileBytes ?? 0) / stride));
  const bytes = section && section.offset < source.size ? await source.read(section.offset, wanted * stride) : new Uint8Array(0);
  const wordBytes = guest.wordBytes ?? guessWidth(bytes, stride, index);
  const slots = Array.from({ length: wanted }, (_, slot) => readContext(bytes.subarray(slot * stride, (slot + 1) * stride), slot, wordBytes));
  const list = slots.filter((vcpu) => vcpu !== undefined);
  return {
    wordBytes,
    mode: pvMode(wordBytes, guest.capabilities),
    list,
    problems: list.length < guest.vcpus ? [contextsLost(list.length, guest.vcpus)] : [],
  };
}

function strideOf(section: Section | undefined, guest: CoreNotes): number {
  const said = section?.entryBytes ?? 0;
  const divided = Math.floor((section?.fileBytes ?? 0) / Math.max(1, guest.vcpus));
  return said >= contextBytes(4) && said <= 65536 ? said : Math.max(contextBytes(4), Math.min(divided, contextBytes(8)));
}

/** By the slot's size, by Xen's code segments, then by which reading of CR3 names a frame of the guest. */
function guessWidth(bytes: Uint8Array, stride: number, index: PageIndex): 4 | 8 {
  if (stride < contextBytes(8)) return 4;
  const byCs = widthByCs(bytes);
  if (byCs !== undefined) return byCs;
  const narrow = readContext(bytes, 0, 4);
  return narrow && narrow.cr3 !== 0 && index.mfns.includes(unfoldCr3(narrow.cr3)) ? 4 : 8;
}

/** A Xen that also runs 64-bit guests is 64-bit itself, and walks a 32-bit guest's four PDPTEs as a level-3 table. */
function pvMode(wordBytes: 4 | 8, capabilities: string): PagingModeId {
  if (wordBytes === 8) return '4-level';
  if (capabilities.includes('x86_64') || capabilities === '') return 'pae-under-xen64';
  return capabilities.includes('x86_32p') ? 'pae' : '32-bit';
}

function contextsLost(found: number, said: number): Problem {
  return {
    kind: 'xen-core-vcpus-lost',
    text: `The file holds the registers of ${commas(found)} of ${commas(said)} virtual CPUs: roots of the others must be given by hand.`,
    severity: 'loss',
  };
}
