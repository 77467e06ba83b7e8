import { commas } from '#core/base/hex.ts';
import type { Problem } from '#core/base/problem.ts';
import type { Task } from '#core/base/task.ts';
import { Fields } from '#core/formats/fields.ts';
import type { ByteSource } from '#core/memory/byte-source.ts';
import { type StateTag, TagReader } from './tag-reader.ts';

/** A stretch of guest memory and where it lies in the .vmem, in pages of 4 KiB; NaN where the file does not say. */
export interface StateRegion {
  filePage: number;
  guestPage: number;
  pages: number;
}

/** Registers of one CPU, as far as the file has them. */
export interface StateCpu {
  /** CR0, CR2, CR3, CR4 by number. */
  readonly cr: Map<number, number>;
  /** Rounded where above 2^53. */
  readonly wide: Map<string, number>;
}

/** What a .vmss or .vmsn says. */
export interface VmwareState {
  /** How many regions it says there are; undefined where it does not say, and then there is one. */
  regionsCount: number | undefined;
  readonly regions: Map<number, StateRegion>;
  /** The file ends before all that it says of memory, or before it says that it says any: then no count is not one region. */
  memoryCut: boolean;
  readonly cpus: Map<number, StateCpu>;
  /** Memory held by the state file itself. */
  memory: { readonly at: number; readonly bytes: number; readonly compressed: boolean } | undefined;
  readonly problems: Problem[];
}

/** The old magic has sizes of 4 bytes. */
const OLD_MAGIC = 0xbed0bed0;
const MAGICS = [OLD_MAGIC, 0xbed2bed2, 0xbed3bed3, 0xbad1bad1, 0xbad2bad2];
const HEADER_BYTES = 12;
const GROUP_BYTES = 80;
/** Real files have some 100 groups, 64 regions at most and as many CPUs as VMware allows. */
const MOST_GROUPS = 4096;
const MOST_TAGS = 262_144;
const MOST_REGIONS = 1024;
const MOST_CPUS = 1024;

export const isVmwareState = (head: Uint8Array): boolean => MAGICS.includes(new Fields(head).u32(0));

/** Undefined where the file has another magic. */
export async function readVmwareState(source: ByteSource, task: Task): Promise<VmwareState | undefined> {
  const header = await source.read(0, HEADER_BYTES);
  if (!isVmwareState(header)) return undefined;
  const fields = new Fields(header);
  const state: VmwareState = { regionsCount: undefined, regions: new Map(), memoryCut: false, cpus: new Map(), memory: undefined, problems: [] };
  const groups = await readGroups(source, fields.u32(8), state);
  // Every state has such a group: without it the file is cut, or its list of groups damaged.
  state.memoryCut ||= !groups.some(({ name }) => name === 'memory');
  const sizeBytes = fields.u32(0) === OLD_MAGIC ? 4 : 8;
  for (const group of groups) {
    if (group.name !== 'memory' && group.name !== 'cpu') continue;
    const reader = new TagReader(source, group.at, sizeBytes);
    await readGroup(source, reader, group, group.name === 'memory' ? takeMemoryTag : takeCpuTag, state, task);
  }
  return state;
}

interface Group {
  readonly name: string;
  readonly at: number;
  readonly bytes: number;
}

async function readGroups(source: ByteSource, count: number, state: VmwareState): Promise<Group[]> {
  const bytes = await source.read(HEADER_BYTES, Math.min(count, MOST_GROUPS) * GROUP_BYTES);
  const fields = new Fields(bytes);
  const held = Math.floor(bytes.length / GROUP_BYTES);
  state.memoryCut = held < count;
  if (held < count)
    state.problems.push({
      kind: 'vmware-groups',
      text: `The header says ${commas(count)} groups; the file holds the list of ${commas(held)}.`,
      severity: 'loss',
      fileOffset: 8,
    });
  return Array.from({ length: held }, (_, index) => {
    const at = index * GROUP_BYTES;
    return { name: fields.text(at, 64), at: fields.u64(at + 64), bytes: fields.u64(at + 72) };
  });
}

type Take = (state: VmwareState, tag: StateTag, source: ByteSource) => void | Promise<void>;

async function readGroup(source: ByteSource, reader: TagReader, group: Group, take: Take, state: VmwareState, task: Task): Promise<void> {
  const end = Math.min(source.size, group.bytes === 0 ? source.size : group.at + group.bytes);
  for (let count = 0; reader.at < end && count < MOST_TAGS; count++) {
    if (count % 256 === 0) task.check();
    const tag = await reader.next();
    if (tag === undefined) break;
    await take(state, tag, source);
  }
  if (group.at + group.bytes <= source.size && reader.at <= source.size) return;
  state.memoryCut ||= group.name === 'memory';
  state.problems.push({
    kind: 'vmware-group-cut',
    text: `The file ends within its group “${group.name}”: it was cut at ${commas(source.size)} bytes.`,
    severity: 'loss',
    fileOffset: Math.min(group.at, source.size),
  });
}

const numberIn = (value: Uint8Array | undefined): number => {
  const fields = new Fields(value ?? new Uint8Array(0));
  return fields.length >= 8 ? fields.u64(0) : fields.length >= 4 ? fields.u32(0) : fields.length >= 2 ? fields.u16(0) : fields.u8(0);
};

const REGION_FIELDS: Readonly<Record<string, keyof StateRegion>> = { regionPageNum: 'filePage', regionPPN: 'guestPage', regionSize: 'pages' };

function takeMemoryTag(state: VmwareState, { name, indices: [index = 0], value, block }: StateTag): void {
  if (name === 'regionsCount') state.regionsCount = numberIn(value);
  else if (name === 'Memory' && block !== undefined) state.memory ??= block;
  const field = REGION_FIELDS[name];
  if (field === undefined || index >= MOST_REGIONS) return;
  const region = state.regions.get(index) ?? { filePage: Number.NaN, guestPage: Number.NaN, pages: Number.NaN };
  region[field] = numberIn(value);
  state.regions.set(index, region);
}

/** Registers come one by one, or as a block of CR0 … CR8. */
async function takeCpuTag(state: VmwareState, { name, indices, value, block }: StateTag, source: ByteSource): Promise<void> {
  const [index = 0, number = 0] = indices;
  if (index >= MOST_CPUS) return;
  if (name === 'CR64' || name === 'CR') {
    const cpu = cpuOf(state, index);
    if (block === undefined) cpu.cr.set(number, numberIn(value));
    else if (!block.compressed) takeCrBlock(cpu, await source.read(block.at, Math.min(block.bytes, 72)));
  } else if (/^(?:rip|eip|rsp|r[0-9]+|efer)$/i.test(name) && value !== undefined) cpuOf(state, index).wide.set(name.toLowerCase(), numberIn(value));
}

function takeCrBlock(cpu: StateCpu, bytes: Uint8Array): void {
  const fields = new Fields(bytes);
  for (let number = 0; number < 5 && (number + 1) * 8 <= bytes.length; number++) cpu.cr.set(number, fields.u64(number * 8));
}

function cpuOf(state: VmwareState, index: number): StateCpu {
  const cpu = state.cpus.get(index) ?? { cr: new Map(), wide: new Map() };
  state.cpus.set(index, cpu);
  return cpu;
}
