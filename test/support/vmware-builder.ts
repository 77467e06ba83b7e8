import { joinBytes, type SparseMemory } from './dump-builder.ts';

export interface VmwareShape {
  /** First word of the state file; the oldest, bed0bed0, has sizes of 4 bytes. */
  readonly magic?: number;
  readonly cpus?: readonly { readonly cr0?: number; readonly cr3: number; readonly cr4?: number; readonly rip?: bigint; readonly efer?: number }[];
  /** CR64 as one block for each CPU instead of a tag for each register. */
  readonly crBlocks?: boolean;
  /** The memory in the state file itself. */
  readonly embedded?: boolean;
  readonly compressed?: boolean;
  /** Without regions: memory from 0 on. */
  readonly flat?: boolean;
}

export interface VmwareFiles {
  readonly vmem: Uint8Array<ArrayBuffer>;
  readonly vmss: Uint8Array<ArrayBuffer>;
}

const le = (value: number | bigint, bytes: number): Uint8Array<ArrayBuffer> =>
  Uint8Array.from({ length: bytes }, (_, index) => Number((BigInt(value) >> BigInt(index * 8)) & 0xffn));

/** A guest's memory file and state file, as VMware writes them: the memory's stretches follow each other in the .vmem. */
export function vmwareFiles(memory: SparseMemory, shape: VmwareShape = {}): VmwareFiles {
  const { magic = 0xbed2bed2, embedded = false, flat = false } = shape;
  const stretches = memory.stretches();
  const vmem = joinBytes(stretches.map(({ bytes }) => bytes));
  const writer = new TagWriter(magic === 0xbed0bed0 ? 4 : 8);
  const regions = flat ? [] : regionTags(writer, stretches);
  const cpus = (shape.cpus ?? []).flatMap((cpu, index) => cpuTags(writer, cpu, index, shape.crBlocks ?? false));
  const counts = writer.tag('numVCPUs', [], le(shape.cpus?.length ?? 0, 4));
  const groups: [string, Uint8Array[]][] = [
    ['Checkpoint', [writer.tag('BitsPerPage', [], le(12, 4))]],
    ['cpu', [counts, ...cpus]],
    ['memory', [...regions, writer.block('busyFlags', [], new Uint8Array(40))]],
  ];
  return { vmem, vmss: joinGroups(magic, groups, writer, embedded ? vmem : undefined, shape.compressed ?? false) };
}

function regionTags(writer: TagWriter, stretches: readonly { readonly start: number; readonly bytes: Uint8Array }[]): Uint8Array[] {
  let filePage = 0;
  const tags = stretches.flatMap(({ start, bytes }, index) => {
    const tags = [
      writer.tag('regionPageNum', [index], le(filePage, 4)),
      writer.tag('regionPPN', [index], le(start / 4096, 4)),
      writer.tag('regionSize', [index], le(bytes.length / 4096, 4)),
    ];
    filePage += bytes.length / 4096;
    return tags;
  });
  return [writer.tag('regionsCount', [], le(stretches.length, 4)), ...tags];
}

function cpuTags(writer: TagWriter, cpu: NonNullable<VmwareShape['cpus']>[number], index: number, blocks: boolean): Uint8Array[] {
  const { cr0 = 0x8001_0011, cr3, cr4 = 0, rip = 0xc010_0000n, efer } = cpu;
  const control = [cr0, 0, 0, cr3, cr4, 0, 0, 0, 0];
  const tags = blocks
    ? [writer.block('CR64', [index], joinBytes(control.map((value) => le(value, 8))))]
    : control.slice(0, 5).map((value, number) => writer.tag('CR64', [index, number], le(value, 8)));
  return [...tags, writer.tag('rip', [index], le(rip, 8)), ...(efer === undefined ? [] : [writer.tag('EFER', [index], le(efer, 8))])];
}

class TagWriter {
  constructor(readonly sizeBytes: 4 | 8) {}

  tag(name: string, indices: readonly number[], value: Uint8Array): Uint8Array {
    return joinBytes([this.#head(name, indices, value.length), value]);
  }

  /** With three bytes of padding before the value. */
  block(name: string, indices: readonly number[], value: Uint8Array, compressed = false): Uint8Array {
    const sizes = [le(value.length, this.sizeBytes), le(value.length, this.sizeBytes)];
    return joinBytes([this.#head(name, indices, compressed ? 62 : 63), ...sizes, le(3, 2), new Uint8Array(3).fill(0xee), value]);
  }

  #head(name: string, indices: readonly number[], size: number): Uint8Array {
    return joinBytes([Uint8Array.of(size | (indices.length << 6), name.length), Buffer.from(name), ...indices.map((index) => le(index, 4))]);
  }
}

function joinGroups(magic: number, groups: [string, Uint8Array[]][], writer: TagWriter, memory: Uint8Array | undefined, compressed: boolean) {
  const bodies = groups.map(([name, tags]) => {
    const held = name === 'memory' && memory !== undefined ? [writer.block('Memory', [0, 0], memory, compressed)] : [];
    return joinBytes([...tags, ...held, new Uint8Array(2)]);
  });
  let at = 12 + groups.length * 80;
  const heads = groups.map(([name], index) => {
    const size = bodies[index]?.length ?? 0;
    const head = joinBytes([Buffer.from(name.padEnd(64, '\0')), le(at, 8), le(size, 8)]);
    at += size;
    return head;
  });
  return joinBytes([le(magic, 4), le(8, 4), le(groups.length, 4), ...heads, ...bodies]);
}
