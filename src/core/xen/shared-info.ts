import { FRAME_BYTES } from '#core/memory/address.ts';
import { addressField, type FieldRule, fieldNumber, type GuestAddress, readFields, type StructField } from './struct-field.ts';

const SOURCE = 'Xen, public/xen.h, struct shared_info';

/** Offsets compiled from the headers; p2m_cr3 and on by 4.17. */
const RULES: readonly FieldRule[] = [
  { name: 'vcpu_info[0].evtchn_upcall_pending', meaning: 'an event waits for VCPU 0', 4: [0, 1], 8: [0, 1] },
  { name: 'vcpu_info[0].evtchn_upcall_mask', meaning: 'VCPU 0 has events masked', 4: [1, 1], 8: [1, 1] },
  { name: 'vcpu_info[0].arch.cr2', meaning: 'address of VCPU 0’s last page fault, as Xen tells the guest', 4: [8, 4], 8: [16, 8] },
  { name: 'wc_version', meaning: 'wall clock: odd while it is written', 4: [2304, 4], 8: [3072, 4] },
  { name: 'wc_sec', meaning: 'wall clock at boot, seconds of UTC', 4: [2308, 4], 8: [3076, 4] },
  { name: 'wc_nsec', meaning: 'and nanoseconds', 4: [2312, 4], 8: [3080, 4] },
  { name: 'arch.max_pfn', meaning: 'entries of the P2M that the frame lists describe', 4: [2316, 4], 8: [3088, 8] },
  {
    name: 'arch.pfn_to_mfn_frame_list_list',
    meaning: 'MFN of a page of MFNs of pages of MFNs of the P2M; 0 not set, all ones: see p2m_cr3',
    4: [2320, 4],
    8: [3096, 8],
  },
  { name: 'arch.nmi_reason', meaning: 'why an NMI was sent', 4: [2324, 4], 8: [3104, 8] },
  { name: 'arch.p2m_cr3', meaning: 'root of the tables that map the linear P2M, 0 where none', 4: [2328, 4], 8: [3112, 8] },
  { name: 'arch.p2m_vaddr', meaning: 'virtual address of the linear P2M', 4: [2332, 4], 8: [3120, 8] },
  { name: 'arch.p2m_generation', meaning: 'odd while the P2M changes', 4: [2336, 4], 8: [3128, 8] },
];

export interface SharedInfo {
  readonly frame: number;
  readonly fields: readonly StructField[];
  readonly maxPfn: number;
  /** MFN; 0 where the guest has not set it. */
  readonly frameListList: number;
  /** The whole P2M in one virtual stretch, and the root of the tables that map it; undefined where the guest does not keep one so. */
  readonly linearP2m?: LinearP2m;
}

export interface LinearP2m {
  /** As CR3 of the guest would hold it: a 32-bit guest's is folded. */
  readonly cr3: GuestAddress;
  readonly start: GuestAddress;
}

/** Decodes a shared_info page of a guest of this width. */
export function parseSharedInfo(frame: number, bytes: Uint8Array, wordBytes: 4 | 8): SharedInfo {
  const fields = readFields(bytes, wordBytes, RULES, SOURCE);
  return {
    frame,
    fields,
    maxPfn: fieldNumber(fields, 'arch.max_pfn'),
    frameListList: fieldNumber(fields, 'arch.pfn_to_mfn_frame_list_list'),
    ...linearP2m(bytes, fields),
  };
}

/** Xen 4.5 and later; in older ones other bytes may stand there, so both fields must make sense. */
function linearP2m(bytes: Uint8Array, fields: readonly StructField[]): Pick<SharedInfo, 'linearP2m'> {
  const cr3 = addressField(bytes, fields, 'arch.p2m_cr3');
  const start = addressField(bytes, fields, 'arch.p2m_vaddr');
  const isSet = (cr3.low !== 0 || cr3.high !== 0) && (start.low !== 0 || start.high !== 0) && start.low % FRAME_BYTES === 0;
  return isSet ? { linearP2m: { cr3, start } } : {};
}
