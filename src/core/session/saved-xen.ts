import type { Task } from '#core/base/task.ts';
import type { OpenedDump } from '#core/formats/format.ts';
import { FRAME_BYTES, FRAME_END, machineAddress } from '#core/memory/address.ts';
import type { MemoryImage } from '#core/memory/memory-image.ts';
import { parseSharedInfo } from '#core/xen/shared-info.ts';
import { parseStartInfo, type StartInfo } from '#core/xen/start-info.ts';
import type { StructField } from '#core/xen/struct-field.ts';
import type { XenFacts } from './contract.ts';
import type { RootAtlas } from './root-atlas.ts';
import { foundPage } from './xen-facts.ts';
import { scanGuest } from './xen-tables.ts';

/** start_info of a saved PV guest, whose frames are PFNs already: none of its tables turns numbers. Undefined where it is not held, or is another page. */
export async function savedStartInfo({ image, savedXen }: OpenedDump): Promise<StartInfo | undefined> {
  const frame = savedXen?.startInfoFrame;
  if (frame === undefined || frame >= FRAME_END) return undefined;
  const [piece] = await image.read([{ start: machineAddress(frame * FRAME_BYTES), length: FRAME_BYTES }]);
  if (!piece?.presence.every(({ presence }) => presence === 'held')) return undefined;
  return parseStartInfo(frame, piece.bytes);
}

/** What there is of Xen in a saved PV guest. */
export async function savedFacts(dump: OpenedDump, atlas: RootAtlas, startInfo: StartInfo | undefined, task: Task): Promise<XenFacts> {
  const { image, savedXen } = dump;
  const { hypercallFrame } = await scanGuest(image, atlas, task, true);
  return {
    isSaved: true,
    p2ms: [],
    p2mDifferences: [],
    ...(startInfo && { startInfo: startInfoFacts(image, atlas, startInfo) }),
    ...(savedXen?.sharedInfo && { sharedInfo: sharedInfoFacts(savedXen.sharedInfo, savedXen.wordBytes) }),
    ...(hypercallFrame !== undefined && { hypercallPage: foundPage(image, atlas, { p2ms: [] }, hypercallFrame) }),
  };
}

function startInfoFacts(image: MemoryImage, atlas: RootAtlas, { frame, wordBytes, fields }: StartInfo): NonNullable<XenFacts['startInfo']> {
  return { ...foundPage(image, atlas, { p2ms: [] }, frame), wordBytes, fields: fields.map(ofSavedHost) };
}

function sharedInfoFacts({ fileOffset, bytes }: { readonly fileOffset: number; readonly bytes: Uint8Array }, wordBytes: 4 | 8) {
  return { fileOffset, fields: parseSharedInfo(Number.NaN, bytes, wordBytes).fields.map(ofSavedHost) };
}

/** A guest turns these to PFNs before it is saved (Linux arch/x86/xen/suspend_pv.c). */
const TURNED = ['store_mfn', 'console.domU.mfn'];

/** Machine numbers that were left are of the host it ran on. */
function ofSavedHost(field: StructField): StructField {
  if (TURNED.includes(field.name)) return { ...field, meaning: field.meaning.replace('MFN', 'PFN') };
  return /MFN|machine/.test(field.meaning) ? { ...field, meaning: `${field.meaning}; on the host that it was saved on` } : field;
}
