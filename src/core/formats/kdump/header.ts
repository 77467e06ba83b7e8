import type { NoteStretch } from '#core/formats/elf/notes.ts';
import { Fields, hasText } from '#core/formats/fields.ts';

/** What the two headers of a kdump-compressed file say (dump-formats, sections 4a and 4b; makedumpfile diskdump_mod.h). */
export interface KdumpHeader {
  readonly version: number;
  /** Its maker stopped in the middle, and says so. */
  readonly isIncomplete: boolean;
  readonly blockBytes: number;
  /** Blocks of the sub header, notes and VMCOREINFO among them. */
  readonly subBlocks: number;
  /** Blocks of both bitmaps together. */
  readonly bitmapBlocks: number;
  /** One past the highest frame. */
  readonly frames: number;
  readonly dumpLevel: number;
  /** First frame and one past the last of those that this file of a split dump stores. */
  readonly split?: { readonly firstFrame: number; readonly endFrame: number };
  /** Where a 64-bit kernel was put, less where it is linked; may be negative. What VMCOREINFO says goes before. */
  readonly physBase: number | undefined;
  readonly vmcoreinfo: NoteStretch;
  readonly notes: NoteStretch;
  /** Bytes that files of one split dump have in common: the system's name and the time. */
  readonly identity: string;
}

const KDUMP_MAGIC = 'KDUMP   ';
/** The same of Linux 2.4 and early 2.6, but for the sub header, which holds one CPU's registers and none of CR0 to CR4. */
const DISKDUMP_MAGIC = 'DISKDUMP';

export const magicOf = (head: Uint8Array): string | undefined => [KDUMP_MAGIC, DISKDUMP_MAGIC].find((magic) => hasText(head, 0, magic));
/** DUMP_DH_COMPRESSED_INCOMPLETE. */
const INCOMPLETE = 0x8;
/** A page's: u64 offset, u32 size, u32 flags, u64 page flags. */
export const DESCRIPTOR_BYTES = 24;
/** Bytes that hold both headers, whatever the width and the size of a block. */
export const HEADERS_BYTES = 2 * 65_536;

interface Shape {
  /** Offset of `status`; the fields behind it are the same in both widths. */
  readonly status: number;
  readonly timeEnd: number;
  readonly wide: boolean;
}

const WIDE: Shape = { status: 424, timeEnd: 424, wide: true };
const NARROW: Shape = { status: 412, timeEnd: 412, wide: false };

/** Undefined if it is no kdump header, or neither width of its fields makes sense. */
export function parseKdumpHeader(head: Uint8Array): KdumpHeader | undefined {
  if (magicOf(head) === undefined) return undefined;
  const shape = [WIDE, NARROW].find((candidate) => makesSense(head, candidate));
  return shape && headerOf(head, shape);
}

/** utsname says nothing: QEMU writes x86_64 for 32-bit guests too. What the width puts elsewhere is 0 in the other's place. */
function makesSense(head: Uint8Array, { status }: Shape): boolean {
  const fields = new Fields(head);
  const [block, sub, bitmaps] = [fields.u32(status + 4), fields.u32(status + 8), fields.u32(status + 12)];
  return block >= 4096 && block <= 65_536 && Math.log2(block) % 1 === 0 && sub > 0 && sub < 2 ** 20 && bitmaps > 0;
}

function headerOf(head: Uint8Array, shape: Shape): KdumpHeader {
  const fields = new Fields(head);
  const version = fields.u32(8);
  const { status } = shape;
  const blockBytes = fields.u32(status + 4);
  const sub = magicOf(head) === DISKDUMP_MAGIC ? NO_SUB_HEADER : subHeader(new Fields(head.subarray(blockBytes)), version, shape.wide);
  return {
    version,
    isIncomplete: (fields.u32(status) & INCOMPLETE) !== 0,
    blockBytes,
    subBlocks: fields.u32(status + 8),
    bitmapBlocks: fields.u32(status + 12),
    frames: sub.frames > 0 ? sub.frames : fields.u32(status + 16),
    dumpLevel: sub.dumpLevel,
    ...(sub.split && { split: sub.split }),
    physBase: sub.physBase,
    vmcoreinfo: sub.vmcoreinfo,
    notes: sub.notes,
    identity: String.fromCharCode(...head.subarray(12, shape.timeEnd)),
  };
}

type SubHeader = Pick<KdumpHeader, 'frames' | 'dumpLevel' | 'split' | 'physBase' | 'vmcoreinfo' | 'notes'>;

const NOWHERE: NoteStretch = { offset: 0, fileBytes: 0 };
const NO_SUB_HEADER: SubHeader = { frames: 0, dumpLevel: 0, physBase: undefined, vmcoreinfo: NOWHERE, notes: NOWHERE };

/** kdump_sub_header of either width. Fields that a version does not have yet are not looked at: old files leave other bytes there. */
function subHeader(fields: Fields, version: number, wide: boolean): SubHeader {
  const at = wide
    ? { level: 8, split: 12, oldPfns: 16, info: 32, notes: 48, pfns: 80 }
    : { level: 4, split: 8, oldPfns: 12, info: 20, notes: 32, pfns: 56 };
  const width = wide ? 8 : 4;
  const stretch = (offset: number): NoteStretch => ({ offset: fields.u64(offset), fileBytes: fields.word(offset + 8, width) });
  const isSplit = version >= 2 && fields.u32(at.split) !== 0;
  const [firstFrame, endFrame] =
    version >= 6 ? [fields.u64(at.pfns), fields.u64(at.pfns + 8)] : [fields.word(at.oldPfns, width), fields.word(at.oldPfns + width, width)];
  return {
    frames: version >= 6 ? fields.u64(at.pfns + 16) : 0,
    dumpLevel: fields.u32(at.level),
    physBase: wide ? signed(fields.u64(0)) : undefined,
    ...(isSplit && { split: { firstFrame, endFrame } }),
    vmcoreinfo: version >= 3 ? stretch(at.info) : NOWHERE,
    notes: version >= 4 ? stretch(at.notes) : NOWHERE,
  };
}

/** Exact for whole pages, though a double has 53 bits. */
const signed = (value: number): number => (value >= 2 ** 63 ? value - 2 ** 64 : value);
