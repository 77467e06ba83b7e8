import { commas } from '#core/base/hex.ts';
import type { Problem } from '#core/base/problem.ts';
import type { Task } from '#core/base/task.ts';
import { FRAME_BYTES } from '#core/memory/address.ts';
import type { ByteSource } from '#core/memory/byte-source.ts';
import { createExtentImage } from '#core/memory/extent-image.ts';
import { hasText } from './fields.ts';
import type { DumpFormat, Glimpse, OpenedDump, Recognition, SavedXen } from './format.ts';
import { stopped } from './stopped.ts';
import { type PageTypes, typeCounts, typeText } from './xen-save/page-types.ts';
import { readRecords, type SavedGuest } from './xen-save/records.ts';
import { savedRoots } from './xen-save/roots.ts';
import { findStream, LIBXC_MAGIC, LIBXL_MAGIC, XL_MAGIC } from './xen-save/stream.ts';

/** A guest as `xl save` and migration write it: libxc stream versions 2 and 3, in xl's and libxl's wrapping or without (dump-formats 2c). */
const xenSave: DumpFormat = { id: 'xen-save', label: 'Xen saved guest', recognise, open };
export default xenSave;

function recognise({ head }: Glimpse): Recognition | undefined {
  if (hasText(head, 0, XL_MAGIC)) return { certainty: 'magic', how: 'begins “Xen saved domain, xl format”, as xl save does' };
  if (hasText(head, 0, LIBXL_MAGIC)) return { certainty: 'magic', how: 'begins “LibxlFmt”, a libxl migration stream' };
  return hasText(head, 0, LIBXC_MAGIC) ? { certainty: 'magic', how: 'begins ff … ff “XENF”, a libxc migration stream' } : undefined;
}

async function open(source: ByteSource, task: Task): Promise<OpenedDump> {
  const stream = await findStream(source);
  if ('why' in stream) return stopped(stream.kind, stream.why, stream.at);
  const guest = await readRecords(source, stream, task);
  // What was sent last counts, and of extents that overlap the first given does.
  const image = createExtentImage({ source, extents: guest.extents.toReversed(), whyAbsent: (at) => whyAbsent(guest, Math.floor(at / 4096)) });
  const problems = [...guest.problems, ...image.problems.filter(({ kind }) => kind !== 'extents-overlap'), ...streamNotes(guest)];
  if (image.extents.count === 0)
    problems.unshift({ kind: 'xen-save-no-memory', text: 'No page of memory is in what can be read of this stream.', severity: 'stop' });
  return {
    image,
    roots: savedRoots(guest),
    frameWord: guest.hvmCpus.length > 0 ? 'frame' : 'PFN',
    problems,
    frameNote: (frame) => noteOf(guest.types, frame),
    ...(guest.kind === 'pv' && { savedXen: savedXen(guest) }),
  };
}

/** A PV guest asks to be suspended with start_info's frame in EDX, which the saver turns to its PFN (Xen xg_sr_save_x86_pv.c, write_one_vcpu_basic). */
function savedXen({ wordBytes, vcpus: [first], sharedInfo }: SavedGuest): SavedXen {
  return { wordBytes, ...(first && { startInfoFrame: first.dx }), ...(sharedInfo?.bytes.length === FRAME_BYTES && { sharedInfo }) };
}

function whyAbsent({ types }: SavedGuest, pfn: number): string {
  const type = types.typeOf(pfn);
  return type === undefined ? 'no page of the guest’s in this stream' : `sent without its bytes: ${typeText(type)}`;
}

function noteOf(types: PageTypes, pfn: number): string | undefined {
  const type = types.typeOf(pfn);
  return type === undefined || type === 0 ? undefined : `The stream calls this page ${typeText(type)}.`;
}

/** What a reader of the stream must know of its numbers. */
function streamNotes({ kind, types, sentAgain }: SavedGuest): readonly Problem[] {
  const notes: string[] = [];
  if (kind === 'pv')
    notes.push(
      'Frames here are the guest’s own numbers (PFN): the saver has rewritten every page table from MFN to PFN, and taken Xen’s entries out.',
    );
  const counts = typeCounts(types);
  if (counts !== '') notes.push(`Pages by the type that Xen gave them: ${counts}.`);
  if (sentAgain > 0) notes.push(`${commas(sentAgain)} pages were sent again while the guest ran on: the last of each counts.`);
  return notes.map((text) => ({ kind: 'xen-save-note', text, severity: 'note' }));
}
