import { gzipSync } from 'fflate';

/** Machine memory of a few frames, written by tests; what was never written is not there. Addresses may be numbers or BigInts. */
export class SparseMemory {
  readonly frames = new Map<number, Uint8Array<ArrayBuffer>>();

  /** The frame's 4,096 bytes, made of zeros if new. */
  frame(number: number): Uint8Array<ArrayBuffer> {
    const held = this.frames.get(number) ?? new Uint8Array(4096);
    this.frames.set(number, held);
    return held;
  }

  write(address: number | bigint, bytes: Uint8Array): this {
    bytes.forEach((byte, index) => {
      const at = Number(address) + index;
      this.frame(Math.floor(at / 4096))[at % 4096] = byte;
    });
    return this;
  }

  /** A little-endian word of 4 or 8 bytes. */
  word(address: number | bigint, value: number | bigint, bytes: 4 | 8 = 8): this {
    const out = new DataView(new ArrayBuffer(8));
    out.setBigUint64(0, BigInt(value), true);
    return this.write(address, new Uint8Array(out.buffer, 0, bytes));
  }

  /** 0 where nothing was written. */
  readWord(address: number | bigint, bytes: 4 | 8 = 8): bigint {
    let value = 0n;
    for (let index = bytes - 1; index >= 0; index--) {
      const at = Number(address) + index;
      value = value * 256n + BigInt(this.frames.get(Math.floor(at / 4096))?.[at % 4096] ?? 0);
    }
    return value;
  }

  /** Stretches of neighbouring frames, ascending. */
  stretches(): { start: number; bytes: Uint8Array<ArrayBuffer> }[] {
    const stretches: { start: number; frames: Uint8Array[] }[] = [];
    for (const number of [...this.frames.keys()].sort((a, b) => a - b)) {
      const last = stretches.at(-1);
      const frame = this.frame(number);
      if (last !== undefined && last.start + last.frames.length * 4096 === number * 4096) last.frames.push(frame);
      else stretches.push({ start: number * 4096, frames: [frame] });
    }
    return stretches.map(({ start, frames }) => ({ start, bytes: joinBytes(frames) }));
  }
}

export function joinBytes(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

/** Frame n at byte n * 4096, zeros where nothing was written, up to the last frame. */
export function rawDump(memory: SparseMemory): Uint8Array<ArrayBuffer> {
  const stretches = memory.stretches();
  const last = stretches.at(-1);
  const bytes = new Uint8Array(last === undefined ? 0 : last.start + last.bytes.length);
  for (const stretch of stretches) bytes.set(stretch.bytes, stretch.start);
  return bytes;
}

export interface BuiltCpu {
  readonly cr0?: number;
  readonly cr3: number;
  readonly cr4?: number;
  readonly rip?: bigint;
  /** CS selector; its low two bits are the ring. */
  readonly cs?: number;
  /** CS.L: 64-bit code. */
  readonly runs64?: boolean;
}

export interface BuiltSegment {
  readonly start: number;
  readonly bytes: Uint8Array;
  /** As the header shall say; by default as the bytes are. */
  readonly virtual?: number | bigint;
  readonly memoryBytes?: number;
  readonly fileOffset?: bigint;
}

export interface ElfShape {
  readonly wordBytes?: 4 | 8;
  /** 3 = i386, 62 = x86-64 (CPU 0 in long mode). */
  readonly machine?: number;
  readonly type?: number;
  readonly flags?: number;
  readonly cpus?: readonly BuiltCpu[];
  /** Notes of others, after the CPUs'. */
  readonly notes?: Uint8Array;
  /** In place of the memory's stretches. */
  readonly segments?: readonly BuiltSegment[];
  /** Count the segments in section 0 as dumps of over 65,534 do. */
  readonly countInSection?: boolean;
}

/** An ELF core as QEMU's dump-guest-memory writes it. */
export function elfDump(memory: SparseMemory, shape: ElfShape = {}): Uint8Array<ArrayBuffer> {
  const { wordBytes = 8, machine = 3, type = 4, flags = 0, countInSection = false } = shape;
  const segments: readonly BuiltSegment[] = shape.segments ?? memory.stretches();
  const notes = joinBytes([qemuNotes(shape.cpus ?? []), shape.notes ?? new Uint8Array(0)]);
  const wide = wordBytes === 8;
  const [headerBytes, programBytes, sectionBytes] = wide ? [64, 56, 64] : [52, 32, 40];
  const count = segments.length + 1;
  const sectionAt = headerBytes + count * programBytes;
  const notesAt = sectionAt + sectionBytes;
  const out = new ElfWriter(notesAt, wide);
  out.header({ type, machine, flags, phoff: headerBytes, shoff: sectionAt, count: countInSection ? 0xffff : count });
  if (countInSection) out.u32(sectionAt + (wide ? 44 : 28), count);
  out.program(headerBytes, { type: 4, offset: BigInt(notesAt), virtual: 0, machine: 0, fileBytes: notes.length, memoryBytes: 0 });
  let at = notesAt + notes.length;
  segments.forEach((segment, index) => {
    out.program(headerBytes + (index + 1) * programBytes, {
      type: 1,
      offset: segment.fileOffset ?? BigInt(at),
      virtual: segment.virtual ?? segment.start,
      machine: segment.start,
      fileBytes: segment.bytes.length,
      memoryBytes: segment.memoryBytes ?? segment.bytes.length,
    });
    at += segment.bytes.length;
  });
  return joinBytes([out.bytes, notes, ...segments.map(({ bytes }) => bytes)]);
}

class ElfWriter {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly #view: DataView;

  constructor(
    size: number,
    readonly wide: boolean,
  ) {
    this.bytes = new Uint8Array(size);
    this.#view = new DataView(this.bytes.buffer);
  }

  u16(at: number, value: number): void {
    this.#view.setUint16(at, value, true);
  }

  u32(at: number, value: number): void {
    this.#view.setUint32(at, value, true);
  }

  /** A word of the class's width. */
  word(at: number, value: number | bigint): void {
    if (this.wide) this.#view.setBigUint64(at, BigInt(value), true);
    else this.u32(at, Number(BigInt.asUintN(32, BigInt(value))));
  }

  header(of: { type: number; machine: number; flags: number; phoff: number; shoff: number; count: number }): void {
    const width = this.wide ? 8 : 4;
    this.bytes.set([0x7f, 0x45, 0x4c, 0x46, this.wide ? 2 : 1, 1, 1]);
    this.u16(16, of.type);
    this.u16(18, of.machine);
    this.u32(20, 1);
    this.word(24 + width, of.phoff);
    this.word(24 + 2 * width, of.shoff);
    const rest = 24 + 3 * width;
    this.u32(rest, of.flags);
    const sizes = this.wide ? [64, 56, of.count, 64, 1, 0] : [52, 32, of.count, 40, 1, 0];
    sizes.forEach((value, index) => {
      this.u16(rest + 4 + index * 2, value);
    });
  }

  program(at: number, of: { type: number; offset: bigint; virtual: number | bigint; machine: number; fileBytes: number; memoryBytes: number }): void {
    const width = this.wide ? 8 : 4;
    this.u32(at, of.type);
    [of.offset, of.virtual, of.machine, of.fileBytes, of.memoryBytes].forEach((value, index) => {
      this.word(at + (index + 1) * width, value);
    });
  }
}

/** For each CPU a CORE note, then for each a QEMU note of 440 bytes, as QEMU 7.2 writes them. */
export function qemuNotes(cpus: readonly BuiltCpu[]): Uint8Array<ArrayBuffer> {
  const core = cpus.map(() => note('CORE', 1, new Uint8Array(336)));
  const registers = cpus.map((cpu) => note('QEMU', 0, qemuCpuState(cpu)));
  return joinBytes([...core, ...registers]);
}

export function note(name: string, type: number, body: Uint8Array): Uint8Array<ArrayBuffer> {
  const nameBytes = Math.ceil((name.length + 1) / 4) * 4;
  const bytes = new Uint8Array(12 + nameBytes + Math.ceil(body.length / 4) * 4);
  const view = new DataView(bytes.buffer);
  [name.length + 1, body.length, type].forEach((value, index) => {
    view.setUint32(index * 4, value, true);
  });
  Array.from(name).forEach((letter, index) => {
    bytes[12 + index] = letter.charCodeAt(0);
  });
  bytes.set(body, 12 + nameBytes);
  return bytes;
}

export function qemuCpuState({ cr0 = 0x80010011, cr3, cr4 = 0, rip = 0xc0100000n, cs = 0x60, runs64 = false }: BuiltCpu): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(440);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, 1, true);
  view.setUint32(4, 440, true);
  view.setBigUint64(136, rip, true);
  view.setUint32(152, cs, true);
  view.setUint32(160, runs64 ? 0x00af9a00 : 0x00cf9a00, true);
  view.setBigUint64(392, BigInt(cr0), true);
  view.setBigUint64(416, BigInt(cr3), true);
  view.setBigUint64(424, BigInt(cr4), true);
  return bytes;
}

export const gzip = (bytes: Uint8Array): Uint8Array<ArrayBuffer> => new Uint8Array(gzipSync(bytes));

/** A zstd frame of raw blocks, and of RLE blocks where a block is one byte over and over (RFC 8878, 3.1.1). */
export function zstd(bytes: Uint8Array, blockBytes = 65536): Uint8Array<ArrayBuffer> {
  const window = 0x38; // 2^(10 + 7) = 128 KiB
  const parts = [Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, 0, window)];
  for (let at = 0; at < bytes.length || at === 0; at += blockBytes) {
    const block = bytes.subarray(at, at + blockBytes);
    const isRun = block.length > 1 && block.every((byte) => byte === block[0]);
    const header = (at + blockBytes >= bytes.length ? 1 : 0) + (isRun ? 2 : 0) + block.length * 8;
    parts.push(
      Uint8Array.of(header % 256, Math.floor(header / 256) % 256, Math.floor(header / 65536)),
      new Uint8Array(isRun ? block.subarray(0, 1) : block),
    );
  }
  return joinBytes(parts);
}
