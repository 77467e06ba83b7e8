import type { Note } from '#core/formats/elf/notes.ts';
import { Fields } from '#core/formats/fields.ts';

/** What the notes of a Xen core say of the guest (tools/libs/guest/xg_core.h, public/elfnote.h). */
export interface CoreNotes {
  readonly isHvm: boolean;
  readonly vcpus: number;
  readonly pages: number;
  readonly pageBytes: number;
  /** Of the hypervisor: "4.17", undefined without the note. */
  readonly version?: string;
  /** "xen-3.0-x86_64 xen-3.0-x86_32p …": what kinds of guest this Xen runs. */
  readonly capabilities: string;
  /** Bytes of a guest's word, where the version note tells. */
  readonly wordBytes?: 4 | 8;
}

const HEADER = 0x200_0001;
const XEN_VERSION = 0x200_0002;
/** XC_CORE_MAGIC, XC_CORE_MAGIC_HVM. */
export const PV_MAGIC = 0xf00f_ebed;
export const HVM_MAGIC = 0xf00f_ebee;

/** Undefined where there is no header note with a known magic. */
export function readCoreNotes(notes: readonly Note[]): CoreNotes | undefined {
  const header = new Fields(bodyOf(notes, HEADER));
  const magic = header.u64(0);
  if (magic !== PV_MAGIC && magic !== HVM_MAGIC) return undefined;
  const isHvm = magic === HVM_MAGIC;
  return { isHvm, vcpus: header.u64(8), pages: header.u64(16), pageBytes: header.u64(24), ...readVersion(bodyOf(notes, XEN_VERSION), isHvm) };
}

const bodyOf = (notes: readonly Note[], type: number): Uint8Array =>
  notes.find((note) => note.name === 'Xen' && note.type === type)?.body ?? new Uint8Array(0);

const CAPABILITIES = 176;
const CAPABILITIES_BYTES = 1024;
/** With a 64-bit tool stack the page size stands at 1272, or at 1268 where the guest's words are narrower (xg_core.c). */
const WIDE_VERSION_BYTES = 1280;
const PAGE_SIZE_NARROW = 1268;
const PAGE_SIZE_WIDE = 1272;

function readVersion(body: Uint8Array, isHvm: boolean): Pick<CoreNotes, 'version' | 'capabilities' | 'wordBytes'> {
  const fields = new Fields(body);
  const capabilities = fields.text(CAPABILITIES, CAPABILITIES_BYTES);
  const wordBytes = isHvm ? 8 : body.length !== WIDE_VERSION_BYTES ? undefined : widthOf(fields);
  return { capabilities, ...(body.length >= 16 && { version: `${fields.u64(0)}.${fields.u64(8)}` }), ...(wordBytes && { wordBytes }) };
}

function widthOf(fields: Fields): 4 | 8 | undefined {
  if (fields.u64(PAGE_SIZE_WIDE) === 4096) return 8;
  return fields.u64(PAGE_SIZE_NARROW) === 4096 ? 4 : undefined;
}
