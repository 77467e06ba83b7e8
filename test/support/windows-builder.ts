import { joinBytes, type SparseMemory } from './dump-builder.ts';

export interface WindowsShape {
  /** 8 (default): PAGEDU64; 4: PAGEDUMP. */
  readonly wordBytes?: 4 | 8;
  /** How the pages are listed: by runs in the header, a bitmap of Windows 8 and later, one of before, or a live dump's ranges. */
  readonly pages?: 'runs' | 'bitmap' | 'old-bitmap' | 'ranges';
  readonly dumpType?: number;
  readonly root: number;
  readonly pae?: number;
  readonly machine?: number;
  readonly ip?: bigint;
  readonly cs?: number;
}

/** A crash dump as Windows writes it, from the offsets of ntiodump.h; unused parts of the header are full of "PAGE". */
export function windowsDump(memory: SparseMemory, shape: WindowsShape): Uint8Array<ArrayBuffer> {
  const { wordBytes = 8, pages = 'runs' } = shape;
  const header = windowsHeader(memory, shape);
  const stored = memory.stretches().map(({ bytes }) => bytes);
  if (pages === 'runs') return joinBytes([header, ...stored]);
  const list = pages === 'ranges' ? rangeList(memory, header.length) : bitmap(memory, header.length, pages === 'old-bitmap', wordBytes);
  return joinBytes([header, list, ...stored]);
}

class HeaderWriter {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly view: DataView;

  constructor(readonly wide: boolean) {
    this.bytes = new Uint8Array(wide ? 0x2000 : 0x1000).map((_, at) => 'PAGE'.charCodeAt(at % 4));
    this.view = new DataView(this.bytes.buffer);
    this.bytes.set(Buffer.from(wide ? 'PAGEDU64' : 'PAGEDUMP'));
  }

  u32(narrowAt: number, wideAt: number, value: number): void {
    this.view.setUint32(this.wide ? wideAt : narrowAt, value, true);
  }

  word(narrowAt: number, wideAt: number, value: number | bigint): void {
    if (this.wide) this.view.setBigUint64(wideAt, BigInt(value), true);
    else this.view.setUint32(narrowAt, Number(BigInt.asUintN(32, BigInt(value))), true);
  }
}

const TYPE_OF = { runs: 1, bitmap: 6, 'old-bitmap': 2, ranges: 8 };

function windowsHeader(memory: SparseMemory, shape: WindowsShape): Uint8Array<ArrayBuffer> {
  const { wordBytes = 8, pages = 'runs', root, pae = 0, ip = 0n, cs = 0x10 } = shape;
  const header = new HeaderWriter(wordBytes === 8);
  header.word(0x10, 0x10, root);
  header.u32(0x20, 0x30, shape.machine ?? (wordBytes === 8 ? 0x8664 : 0x14c));
  header.u32(0x24, 0x34, 2);
  if (wordBytes === 4) header.bytes[0x5c] = pae;
  if (pages === 'runs') writeRuns(header, memory);
  header.u32(0x320 + 0xbc, 0x348 + 0x38, cs);
  header.word(0x320 + 0xb8, 0x348 + 0xf8, ip);
  header.u32(0xf88, 0xf98, shape.dumpType ?? TYPE_OF[pages]);
  return header.bytes;
}

function writeRuns(header: HeaderWriter, memory: SparseMemory): void {
  const runs = memory.stretches();
  header.u32(0x64, 0x88, runs.length);
  header.word(0x68, 0x90, memory.frames.size);
  runs.forEach((run, index) => {
    header.word(0x6c + index * 8, 0x98 + index * 16, run.start / 4096);
    header.word(0x70 + index * 8, 0xa0 + index * 16, run.bytes.length / 4096);
  });
}

function bitmap(memory: SparseMemory, at: number, old: boolean, wordBytes: 4 | 8): Uint8Array<ArrayBuffer> {
  const bits = Math.max(...memory.frames.keys()) + 1;
  const listAt = old ? (wordBytes === 8 ? 0x28 : 0x20) : 0x38;
  const length = Math.ceil((listAt + bits / 8) / 4096) * 4096;
  const bytes = new Uint8Array(length);
  const view = new DataView(bytes.buffer);
  bytes.set(Buffer.from('SDMPDUMP'));
  if (old) [at + length, bits, memory.frames.size, bits].forEach((value, index) => void view.setUint32(0x0c + index * 4, value, true));
  else [at + length, memory.frames.size, bits].forEach((value, index) => void view.setBigUint64(0x20 + index * 8, BigInt(value), true));
  for (const frame of memory.frames.keys()) {
    const at = listAt + Math.floor(frame / 8);
    bytes[at] = (bytes[at] ?? 0) | (1 << (frame % 8));
  }
  return bytes;
}

function rangeList(memory: SparseMemory, at: number): Uint8Array<ArrayBuffer> {
  const ranges = memory.stretches();
  const bytes = new Uint8Array(4096);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, 0x40, true);
  bytes.set(Buffer.from('RDMPDUMP'), 4);
  view.setBigUint64(0x10, BigInt(4096 - 0x20), true);
  view.setBigUint64(0x18, BigInt(at + 4096), true);
  ranges.forEach(({ start, bytes: pages }, index) => {
    view.setBigUint64(0x30 + index * 16, BigInt(start / 4096), true);
    view.setBigUint64(0x38 + index * 16, BigInt(pages.length / 4096), true);
  });
  return bytes;
}
