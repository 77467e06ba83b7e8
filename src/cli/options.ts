import { parseArgs } from 'node:util';
import { FRAME_END } from '#core/memory/address.ts';
import type { PagingModeId } from '#core/paging/mode.ts';
import { pagingModes } from '#core/paging/modes.ts';
import type { MemoryRegion } from '#core/session/contract.ts';
import { Refusal } from './command.ts';

/** Options that every command takes. Numbers are hex, with or without 0x, but for counts, which are decimal. */
export interface Options {
  readonly root?: number;
  /** Every --root given; `root` is the first. */
  readonly roots?: readonly number[];
  readonly mode?: PagingModeId;
  readonly cpu?: number;
  readonly format?: string;
  /** Force a dump format instead of recognising it. */
  readonly as?: string;
  readonly limit?: number;
  /** Bytes that an access touches. */
  readonly bytes?: number;
  /** Files that belong to the first: a .vmss to its .vmem, the others of a split dump. */
  readonly with?: readonly string[];
  /** Raw memory: where parts of the file lie. */
  readonly regions?: readonly MemoryRegion[];
  /** Raw memory: where the hole below 4 GiB begins; 0 where there is none. */
  readonly hole?: number;
  readonly json: boolean;
  readonly convert: ConvertOptions;
}

/** Options of `convert` alone. */
interface ConvertOptions {
  readonly to?: string;
  readonly out?: string;
  /** Write over a file that is there, and whatever the size. */
  readonly force: boolean;
  /** Frame numbers. */
  readonly frames?: readonly FrameRange[];
  /** VA and bytes, as typed: the VA is read by a root's mode. */
  readonly pages?: readonly { readonly va: string; readonly length: number }[];
  readonly m2p: boolean;
  readonly p2m: boolean;
}

interface FrameRange {
  readonly first: number;
  readonly count: number;
}

export interface Arguments {
  readonly positionals: readonly string[];
  readonly options: Options;
  readonly help: boolean;
}

const SPECIFICATION = {
  root: { type: 'string', multiple: true },
  mode: { type: 'string' },
  cpu: { type: 'string' },
  format: { type: 'string' },
  as: { type: 'string' },
  limit: { type: 'string' },
  bytes: { type: 'string' },
  with: { type: 'string', multiple: true },
  regions: { type: 'string' },
  hole: { type: 'string' },
  json: { type: 'boolean', default: false },
  to: { type: 'string' },
  out: { type: 'string', short: 'o' },
  force: { type: 'boolean', default: false },
  frames: { type: 'string' },
  pages: { type: 'string' },
  m2p: { type: 'boolean', default: false },
  p2m: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

/** @throws Refusal naming the option that is wrong. */
export function parseArguments(argv: readonly string[]): Arguments {
  const { values, positionals } = parsed(argv);
  return {
    positionals,
    help: values.help,
    options: {
      json: values.json,
      convert: convertOptions(values),
      ...rootOptions(values.root),
      ...(values.mode !== undefined && { mode: modeId(values.mode) }),
      ...(values.cpu !== undefined && { cpu: count('--cpu', values.cpu) }),
      ...(values.limit !== undefined && { limit: count('--limit', values.limit) }),
      ...(values.bytes !== undefined && { bytes: count('--bytes', values.bytes) }),
      ...(values.format !== undefined && { format: values.format }),
      ...(values.as !== undefined && { as: values.as }),
      ...(values.with !== undefined && { with: values.with }),
      ...(values.regions !== undefined && { regions: values.regions.split(',').map(region) }),
      ...(values.hole !== undefined && { hole: values.hole === 'none' ? 0 : hexNumber('--hole', values.hole) }),
    },
  };
}

type Values = ReturnType<typeof parsed>['values'];

function rootOptions(texts: Values['root']): Pick<Options, 'root' | 'roots'> {
  const roots = texts?.flatMap((text) => text.split(',')).map((text) => hexNumber('--root', text));
  const root = roots?.[0];
  return roots === undefined || root === undefined ? {} : { root, roots };
}

function convertOptions({ to, out, force, frames, pages, m2p, p2m }: Values): ConvertOptions {
  return {
    ...{ force, m2p, p2m },
    ...(to !== undefined && { to }),
    ...(out !== undefined && { out }),
    ...(frames !== undefined && { frames: frames.split(',').map(frameRange) }),
    ...(pages !== undefined && { pages: pages.split(',').map(pageRange) }),
  };
}

/** `1a0-1ff`: frame numbers, the last one included; or one alone. */
function frameRange(text: string): FrameRange {
  const [first, last, ...more] = text.split('-').map((part) => hexNumber('--frames', part));
  if (first === undefined || more.length > 0 || (last ?? first) < first || (last ?? first) >= FRAME_END)
    throw new Refusal(`--frames takes FIRST-LAST (frame numbers), more of them after commas, not “${text}”.`);
  return { first, count: (last ?? first) - first + 1 };
}

/** `C0000000+10000`: a virtual address and bytes. */
function pageRange(text: string): { readonly va: string; readonly length: number } {
  const [va, length, ...more] = text.split('+');
  if (va === undefined || more.length > 0) throw new Refusal(`--pages takes VA+LENGTH, more of them after commas, not “${text}”.`);
  return { va, length: length === undefined ? 1 : hexNumber('--pages', length) };
}

function parsed(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options: SPECIFICATION, allowPositionals: true });
  } catch (error) {
    throw new Refusal(error instanceof Error ? error.message : String(error));
  }
}

/** @throws Refusal where `text` is no hex number below 2^53. */
export function hexNumber(name: string, text: string): number {
  const digits = /^(?:0x)?([0-9a-f]+)$/i.exec(text)?.[1];
  const value = digits === undefined ? Number.NaN : Number.parseInt(digits, 16);
  if (!Number.isSafeInteger(value)) throw new Refusal(`${name} takes a hex number below 2^53, not “${text}”.`);
  return value;
}

/** `100000000:C0000000:40000000`: address, byte of the file, length. */
function region(text: string): MemoryRegion {
  const [start, fileOffset, length, ...more] = text.split(':').map((part) => hexNumber('--regions', part));
  if (start === undefined || fileOffset === undefined || length === undefined || more.length > 0)
    throw new Refusal(`--regions takes ADDRESS:FILE-BYTE:LENGTH, more of them after commas, not “${text}”.`);
  return { start, fileOffset, length };
}

function count(name: string, text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new Refusal(`${name} takes a whole number, not “${text}”.`);
  return Number(text);
}

function modeId(text: string): PagingModeId {
  const mode = pagingModes.find(({ id }) => id === text);
  if (!mode) throw new Refusal(`--mode takes ${pagingModes.map(({ id }) => id).join(', ')}, not “${text}”.`);
  return mode.id;
}
