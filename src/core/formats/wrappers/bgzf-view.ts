import { inflateSync } from 'fflate';
import { commas } from '#core/base/hex.ts';
import type { Task } from '#core/base/task.ts';
import { Fields } from '#core/formats/fields.ts';
import { BlockRows, BlockSource } from '#core/memory/block-source.ts';
import { BlockStore } from '#core/memory/block-store.ts';
import type { ByteSource } from '#core/memory/byte-source.ts';
import { SequentialReader } from '#core/memory/sequential-reader.ts';
import { crc32 } from './crc.ts';
import type { Breakage, View } from './wrapper.ts';

/** A member's header with the one extra field that tells its length (SAMv1, 4.1): what bgzip writes. */
const HEADER_BYTES = 18;
const TRAILER_BYTES = 8;
const EXTRA_AT = 12;
const MOST_UNPACKED_BYTES = 65_536;

/** A gzip file in the small members of bgzip, each of which tells its length. Undefined where one does not. */
export async function viewBgzf(source: ByteSource, task: Task): Promise<View | undefined> {
  const rows = new BlockRows();
  const fault = await findMembers(new SequentialReader(source, task, 'finding the blocks of bgzip'), rows);
  if (fault === IRREGULAR || (fault === undefined && rows.count < 2)) return undefined;
  return { source: new BlockSource(source, rows.table(), unpack), ...(fault && { breakage: fault }) };
}

/** Not to be seen through. */
const IRREGULAR = 'irregular';

async function findMembers(input: SequentialReader, rows: BlockRows): Promise<Breakage | typeof IRREGULAR | undefined> {
  let usual: number | undefined;
  for (let head = await input.peek(HEADER_BYTES); head.length > 0; head = await input.peek(HEADER_BYTES)) {
    const at = input.offset;
    const bytes = memberBytes(head);
    if (bytes === undefined || rows.isFull) return IRREGULAR;
    const member = await input.take(bytes);
    if (member.length < bytes) return { fileOffset: at, reason: `it ends within the block that begins at byte ${commas(at)}` };
    const length = new Fields(member).u32(bytes - 4);
    usual ??= length;
    if (length !== usual && !isSound(member)) return IRREGULAR;
    if (length > 0) rows.add(at, bytes, length);
  }
  return undefined;
}

/** Members are of one length but for the last. One that is not is looked at closely: a damaged length would move all that comes after it. */
const isSound = (member: Uint8Array): boolean => unpack(member, new BlockStore('', MOST_UNPACKED_BYTES)) === undefined;

const FLAGS_EXTRA_ALONE = 4;

/** RFC 1952, 2.3.1 and 2.3.1.1. */
function memberBytes(head: Uint8Array): number | undefined {
  const fields = new Fields(head);
  const isMember = fields.u16(0) === 0x8b1f && fields.u8(2) === 8 && fields.u8(3) === FLAGS_EXTRA_ALONE && fields.u16(10) === 6;
  const isLength = fields.u16(EXTRA_AT) === 0x4342 && fields.u16(EXTRA_AT + 2) === 2;
  const bytes = fields.u16(EXTRA_AT + 4) + 1;
  return isMember && isLength && bytes > HEADER_BYTES + TRAILER_BYTES ? bytes : undefined;
}

/** The decoder throws for bad data of any kind. */
const unpack = (packed: Uint8Array, output: BlockStore): string | undefined => {
  const fields = new Fields(packed);
  const length = fields.u32(packed.length - 4);
  if (length > MOST_UNPACKED_BYTES) return 'it says that it is too long';
  try {
    // One byte more than there should be: then what is too long is seen, and a bomb still ends.
    const room = new Uint8Array(length + 1);
    const bytes = inflateSync(packed.subarray(HEADER_BYTES, -TRAILER_BYTES), { out: room });
    if (crc32(bytes) !== fields.u32(packed.length - TRAILER_BYTES)) return 'its checksum is wrong';
    if (bytes.length !== length) return 'its length is wrong';
    output.append(bytes);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : 'bad data';
  }
};
