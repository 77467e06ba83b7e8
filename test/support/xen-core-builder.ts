import { joinBytes, note, type SparseMemory } from './dump-builder.ts';

/** What a Xen core shall say; numbers are the file's own. */
export interface XenCoreShape {
  readonly wordBytes?: 4 | 8;
  readonly hvm?: boolean;
  /** (PFN, MFN) of each page, in file order; `null`: a row of ones. Default: every frame of the memory, PFNs from 0. */
  readonly pairs?: readonly (readonly [number, number] | null)[];
  /** CR3 field of each VCPU, as the register holds it. */
  readonly cr3?: readonly number[];
  readonly cr1?: number;
  readonly cr4?: number;
  readonly cs?: number;
  readonly flags?: number;
  readonly ip?: number;
  readonly capabilities?: string;
  readonly sharedInfo?: Uint8Array;
  readonly machine?: number;
  /** Overrides of the header note: absurd counts. */
  readonly vcpus?: bigint;
  readonly pages?: bigint;
  readonly pageBytes?: bigint;
  /** Size the index section claims, bytes. */
  readonly indexBytes?: bigint;
  /** Leave the version note out. */
  readonly noVersion?: boolean;
}

const view = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
const u64 = (...values: readonly (number | bigint)[]): Uint8Array => {
  const bytes = new Uint8Array(values.length * 8);
  values.forEach((value, index) => {
    view(bytes).setBigUint64(index * 8, BigInt.asUintN(64, BigInt(value)), true);
  });
  return bytes;
};

/** Offsets of a vcpu_guest_context, written down again here so that the product's are not their own judge. */
const CONTEXT = {
  4: { flags: 512, dx: 516 + 8, ip: 516 + 32, cs: 516 + 36, cr: 2716 },
  8: { flags: 512, dx: 520 + 96, ip: 520 + 128, cs: 520 + 136, cr: 4984 },
} as const;

export function context(
  wordBytes: 4 | 8,
  of: { cr3: number; dx?: number; cr1?: number; cr4?: number; cs?: number; flags?: number; ip?: number },
  slot = 5168,
): Uint8Array {
  const bytes = new Uint8Array(slot);
  const at = CONTEXT[wordBytes];
  const word = (offset: number, value: number): void => {
    if (wordBytes === 8) view(bytes).setBigUint64(offset, BigInt(value), true);
    else view(bytes).setUint32(offset, value, true);
  };
  word(at.flags, of.flags ?? 4);
  word(at.dx, of.dx ?? 0);
  word(at.ip, of.ip ?? 0xc0100000);
  view(bytes).setUint16(at.cs, of.cs ?? (wordBytes === 4 ? 0xe019 : 0xe033), true);
  word(at.cr, 0x80050033);
  word(at.cr + wordBytes, of.cr1 ?? 0);
  word(at.cr + 3 * wordBytes, of.cr3);
  word(at.cr + 4 * wordBytes, of.cr4 ?? 0x660);
  return bytes;
}

function versionNote(wordBytes: 4 | 8, capabilities: string): Uint8Array {
  const bytes = new Uint8Array(1280);
  bytes.set(u64(4, 17));
  bytes.set(new TextEncoder().encode(capabilities), 176);
  view(bytes).setBigUint64(1264, wordBytes === 4 ? 0xf5800000n : 0xffff800000000000n, true);
  // For a guest narrower than the tool stack the page size moves down four bytes.
  view(bytes).setBigUint64(wordBytes === 4 ? 1268 : 1272, 4096n, true);
  return bytes;
}

const ALL_CAPABILITIES = 'xen-3.0-x86_64 xen-3.0-x86_32p hvm-3.0-x86_32 hvm-3.0-x86_32p hvm-3.0-x86_64';

/** An ELF file of sections as `xl dump-core` writes it: notes, contexts, shared_info, pages, index, names last. */
export function xenCore(memory: SparseMemory, shape: XenCoreShape = {}): Uint8Array<ArrayBuffer> {
  const pairs = shape.pairs ?? [...memory.frames.keys()].sort((a, b) => a - b).map((mfn, pfn) => [pfn, mfn] as const);
  const names = new TextEncoder().encode(`\0${sectionNames(shape).join('\0')}\0`);
  const notes = coreNotes(shape, pairs.length);
  const contexts = joinBytes((shape.cr3 ?? [0]).map((cr3) => context(shape.hvm ? 8 : (shape.wordBytes ?? 4), { ...shape, cr3 })));
  const sharedInfo = shape.sharedInfo ?? new Uint8Array(4096);
  const beforePages = 64 + 7 * 64 + notes.length + contexts.length + sharedInfo.length;
  const pad = new Uint8Array((4096 - (beforePages % 4096)) % 4096);
  const pages = joinBytes(pairs.map((pair) => (pair && memory.frames.get(pair[1])) ?? new Uint8Array(4096)));
  const index = shape.hvm
    ? u64(...pairs.map((pair) => pair?.[1] ?? -1n))
    : u64(...pairs.flatMap((pair): readonly (number | bigint)[] => pair ?? [-1n, -1n]));
  const parts = [notes, contexts, sharedInfo, pad, pages, index, names];
  return joinBytes([elfHead(shape, parts), ...parts]);
}

const sectionNames = ({ hvm }: XenCoreShape): string[] => [
  '.shstrtab',
  '.note.Xen',
  '.xen_prstatus',
  '.xen_shared_info',
  '.xen_pages',
  hvm ? '.xen_pfn' : '.xen_p2m',
];

function coreNotes(shape: XenCoreShape, pages: number): Uint8Array {
  const magic = shape.hvm ? 0xf00febee : 0xf00febed;
  const header = u64(magic, shape.vcpus ?? (shape.cr3 ?? [0]).length, shape.pages ?? pages, shape.pageBytes ?? 4096n);
  const version = versionNote(shape.hvm ? 8 : (shape.wordBytes ?? 4), shape.capabilities ?? ALL_CAPABILITIES);
  return joinBytes([
    note('Xen', 0x2000000, new Uint8Array(0)),
    note('Xen', 0x2000001, header),
    ...(shape.noVersion ? [] : [note('Xen', 0x2000002, version)]),
    note('Xen', 0x2000003, u64(2n ** 32n)),
  ]);
}

/** ELF header and section headers over the parts in file order. */
function elfHead(shape: XenCoreShape, parts: readonly Uint8Array[]): Uint8Array {
  const head = new Uint8Array(64 + 7 * 64);
  fileHeader(head, shape.machine ?? 62);
  const starts = parts.map((_, at) => head.length + parts.slice(0, at).reduce((sum, part) => sum + part.length, 0));
  const partOf = [6, 0, 1, 2, 4, 5];
  const entry = [0, 0, 5168, 4096, 4096, shape.hvm ? 8 : 16];
  const type = [3, 7, 1, 1, 1, 1];
  let nameAt = 1;
  sectionNames(shape).forEach((name, at) => {
    const part = partOf[at] ?? 0;
    const bytes = BigInt(parts[part]?.length ?? 0);
    const size = at === 5 ? (shape.indexBytes ?? bytes) : bytes;
    section(head, 64 + (at + 1) * 64, {
      nameAt,
      type: type[at] ?? 1,
      offset: starts[part] ?? 0,
      size,
      align: at === 4 ? 4096 : 1,
      entry: entry[at] ?? 0,
    });
    nameAt += name.length + 1;
  });
  return head;
}

function fileHeader(head: Uint8Array, machine: number): void {
  head.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0, 1]);
  const at = view(head);
  at.setUint16(16, 4, true);
  at.setUint16(18, machine, true);
  at.setUint32(20, 1, true);
  at.setBigUint64(40, 64n, true);
  for (const [offset, value] of [
    [52, 64],
    [58, 64],
    [60, 7],
    [62, 1],
  ] as const)
    at.setUint16(offset, value, true);
}

function section(
  head: Uint8Array,
  at: number,
  of: { nameAt: number; type: number; offset: number; size: bigint; align: number; entry: number },
): void {
  const bytes = view(head);
  bytes.setUint32(at, of.nameAt, true);
  bytes.setUint32(at + 4, of.type, true);
  bytes.setBigUint64(at + 24, BigInt(of.offset), true);
  bytes.setBigUint64(at + 32, of.size, true);
  bytes.setBigUint64(at + 48, BigInt(of.align), true);
  bytes.setBigUint64(at + 56, BigInt(of.entry), true);
}

/** A start_info page (public/xen.h), by the guest's width. */
export function startInfo(
  wordBytes: 4 | 8,
  of: { pages: number; sharedInfo: number; ptBase: bigint; mfnList: bigint; store?: number; console?: number },
): Uint8Array {
  const bytes = new Uint8Array(4096);
  bytes.set(new TextEncoder().encode(wordBytes === 4 ? 'xen-3.0-x86_32p' : 'xen-3.0-x86_64'));
  const wide = wordBytes === 8;
  const word = (offset: number, value: bigint): void => {
    if (wide) view(bytes).setBigUint64(offset, value, true);
    else view(bytes).setUint32(offset, Number(value), true);
  };
  word(32, BigInt(of.pages));
  word(wide ? 40 : 36, BigInt(of.sharedInfo) * 4096n);
  word(wide ? 56 : 44, BigInt(of.store ?? 0));
  word(wide ? 72 : 52, BigInt(of.console ?? 0));
  word(wide ? 88 : 60, of.ptBase);
  word(wide ? 104 : 68, of.mfnList);
  return bytes;
}

export interface OldCoreShape {
  readonly wordBytes?: 4 | 8;
  /** Width of the tool stack's longs; the guest's by default. */
  readonly indexBytes?: 4 | 8;
  readonly hvm?: boolean;
  readonly cr3?: readonly number[];
  readonly cr4?: number;
  readonly pages?: number;
  readonly vcpus?: number;
}

/** A core of `xm dump-core` from Xen 3.0.2 to 3.0.4: six words, contexts, MFNs, padding, pages. */
export function oldXenCore(memory: SparseMemory, shape: OldCoreShape = {}): Uint8Array<ArrayBuffer> {
  const { wordBytes = 4, cr3 = [0] } = shape;
  const indexBytes = shape.indexBytes ?? wordBytes;
  const frames = [...memory.frames.keys()].sort((a, b) => b - a);
  const contexts = joinBytes(cr3.map((value) => context(wordBytes, { cr3: value, cr4: shape.cr4 ?? 0x660 }, wordBytes === 8 ? 5168 : 2800)));
  const index = new Uint8Array(frames.length * indexBytes);
  frames.forEach((mfn, at) => {
    view(index).setUint32(at * indexBytes, mfn, true);
  });
  const indexAt = 24 + contexts.length;
  const pagesAt = Math.ceil((indexAt + index.length) / 4096) * 4096;
  const head = new Uint8Array(24);
  [shape.hvm ? 0xf00febee : 0xf00febed, shape.vcpus ?? cr3.length, shape.pages ?? frames.length, 24, indexAt, pagesAt].forEach((value, at) => {
    view(head).setUint32(at * 4, value, true);
  });
  return joinBytes([head, contexts, index, new Uint8Array(pagesAt - indexAt - index.length), ...frames.map((mfn) => memory.frame(mfn))]);
}
