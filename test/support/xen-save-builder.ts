/** Writes what `xl save` writes (docs/specs/libxl-migration-stream and libxc-migration-stream), from a memory whose frames are PFNs. */
import { joinBytes, type SparseMemory } from './dump-builder.ts';
import { context } from './xen-core-builder.ts';

export interface SavedPage {
  readonly pfn: number;
  /** Bits 63:60 of its PFN; 0 = a plain page. */
  readonly type?: number;
  /** 4,096 bytes; none for types 13 to 15. */
  readonly bytes?: Uint8Array;
}

export interface SaveShape {
  readonly wrapped?: 'xl' | 'libxl' | 'libxc';
  readonly version?: 2 | 3;
  readonly hvm?: boolean;
  readonly wordBytes?: 4 | 8;
  /** As the register has it: folded for a 32-bit guest. */
  readonly cr3?: readonly number[];
  /** VCPU 0's EDX: PFN of start_info. */
  readonly startInfo?: number;
  /** 4,096 bytes. */
  readonly sharedInfo?: Uint8Array;
  readonly typeOf?: (pfn: number) => number;
  /** Sent after all others, as in a later round. */
  readonly later?: readonly SavedPage[];
  readonly legacy?: boolean;
  /** Pages a record. */
  readonly batch?: number;
}

const u32 = (...values: readonly number[]): Uint8Array => new Uint8Array(Uint32Array.from(values).buffer);
const u64 = (...values: readonly bigint[]): Uint8Array => new Uint8Array(BigUint64Array.from(values).buffer);
const text = (value: string): Uint8Array => Uint8Array.from(value, (letter) => letter.charCodeAt(0));

export function record(type: number, body: Uint8Array): Uint8Array {
  return joinBytes([u32(type, body.length), body, new Uint8Array((8 - (body.length % 8)) % 8)]);
}

export function pageData(pages: readonly SavedPage[]): Uint8Array {
  const list = u64(...pages.map(({ pfn, type = 0 }) => (BigInt(type) << 60n) | BigInt(pfn)));
  return record(1, joinBytes([u32(pages.length, 0), list, ...pages.flatMap(({ bytes }) => bytes ?? [])]));
}

export function xenSave(memory: SparseMemory, shape: SaveShape = {}): Uint8Array<ArrayBuffer> {
  const { wrapped = 'xl', hvm = false, wordBytes = 4 } = shape;
  const stream = joinBytes([
    libxcHead(shape),
    ...(hvm ? [] : [record(2, Uint8Array.of(wordBytes, wordBytes === 4 ? 3 : 4, 0, 0, 0, 0, 0, 0))]),
    ...memoryRecords(memory, shape),
    ...cpuRecords(shape),
    ...(shape.sharedInfo ? [record(7, shape.sharedInfo)] : []),
    record(0, new Uint8Array(0)),
  ]);
  if (wrapped === 'libxc') return stream;
  const libxl = joinBytes([
    text('LibxlFmt'),
    Uint8Array.of(0, 0, 0, 2, 0, 0, 0, 0),
    record(2, text('toolstack data')),
    u32(1, 0),
    stream,
    record(0, new Uint8Array(0)),
  ]);
  if (wrapped === 'libxl') return libxl;
  const config = text('{"c_info":{"name":"guest"}}');
  return joinBytes([
    text('Xen saved domain, xl format\n \0 \r'),
    u32(0x01020304, shape.legacy ? 1 : 3, 0, config.length + 4),
    u32(config.length),
    config,
    libxl,
  ]);
}

function libxcHead({ version = 3, hvm = false }: SaveShape): Uint8Array {
  const image = Uint8Array.of(255, 255, 255, 255, 255, 255, 255, 255, 0x58, 0x45, 0x4e, 0x46, 0, 0, 0, version, 0, 0, 0, 0, 0, 0, 0, 0);
  return joinBytes([image, u32(hvm ? 2 : 1, 12, 4, 17)]);
}

function memoryRecords(memory: SparseMemory, { typeOf, later = [], batch = 1024 }: SaveShape): readonly Uint8Array[] {
  const pages = [...memory.frames.keys()]
    .sort((a, b) => a - b)
    .map((pfn): SavedPage => ({ pfn, type: typeOf?.(pfn) ?? 0, bytes: memory.frame(pfn) }));
  const records: Uint8Array[] = [];
  for (let at = 0; at < pages.length; at += batch) records.push(pageData(pages.slice(at, at + batch)));
  return later.length > 0 ? [...records, pageData(later)] : records;
}

function cpuRecords(shape: SaveShape): readonly Uint8Array[] {
  const { hvm = false, wordBytes = 4, cr3 = [] } = shape;
  if (hvm)
    return [
      record(
        9,
        joinBytes([part(1, 0, new Uint8Array(16)), ...cr3.map((value, index) => part(2, index, hvmCpu(value))), part(0, 0, new Uint8Array(0))]),
      ),
    ];
  const bytes = wordBytes === 8 ? 5168 : 2800;
  return cr3.map((value, index) =>
    record(4, joinBytes([u32(index, 0), context(wordBytes, { cr3: value, dx: index === 0 ? (shape.startInfo ?? 0) : 0xdead }, bytes)])),
  );
}

const part = (type: number, instance: number, body: Uint8Array): Uint8Array =>
  joinBytes([new Uint8Array(Uint16Array.of(type, instance).buffer), u32(body.length), body]);

/** hvm_hw_cpu: long mode, NX on. */
function hvmCpu(cr3: number): Uint8Array {
  const bytes = new Uint8Array(1032);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(640, 0xffffffff81000000n, true);
  view.setBigUint64(656, 0x80050033n, true);
  view.setBigUint64(672, BigInt(cr3), true);
  view.setBigUint64(680, 0x6f0n, true);
  view.setBigUint64(992, 0xd01n, true);
  return bytes;
}
