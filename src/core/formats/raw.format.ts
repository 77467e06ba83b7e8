import { bytesText, commas, hex } from '#core/base/hex.ts';
import type { Problem } from '#core/base/problem.ts';
import type { Task } from '#core/base/task.ts';
import { FRAME_BYTES } from '#core/memory/address.ts';
import type { ByteSource } from '#core/memory/byte-source.ts';
import { createExtentImage } from '#core/memory/extent-image.ts';
import type { DumpFormat, FormatOptions, Glimpse, OpenedDump, Recognition } from './format.ts';
import { type MemoryRegion, type RegionChoice, regionPresets } from './raw/regions.ts';
import { stopped } from './stopped.ts';

/** Memory byte by byte: frame n at byte n * 4096. Nothing marks such a file, so it is what is left when nothing else fits. */
const raw: DumpFormat = { id: 'raw', label: 'raw memory', recognise, open };
export default raw;

function recognise({ size }: Glimpse): Recognition | undefined {
  const whole = size % FRAME_BYTES === 0 ? `${commas(size / FRAME_BYTES)} whole frames` : `${commas(size)} bytes`;
  return { certainty: 'fallback', how: `no known mark; ${whole}, read as raw memory from address 0` };
}

async function open(source: ByteSource, task: Task, options: FormatOptions): Promise<OpenedDump> {
  if (source.size === 0) return stopped('raw-empty', 'The file is empty.');
  const choice = await choose(source, task, options.regions);
  const image = createExtentImage({ source, extents: choice.regions, whyAbsent: (address) => whyAbsent(source.size, choice, address) });
  const problems = [...image.problems, ...sizeProblems(source.size), ...holeProblems(choice)];
  return { image, roots: [], frameWord: 'frame', regions: choice, problems };
}

/** As the user said, else as page tables tell. */
async function choose(source: ByteSource, task: Task, regions: readonly MemoryRegion[] | undefined): Promise<RegionChoice> {
  const presets = regionPresets(source.size);
  if (regions !== undefined && regions.length > 0) return { regions, reason: 'Set by you.', presets };
  const { chooseByTables } = await import('./raw/hole-evidence.ts');
  return chooseByTables(source, presets, task);
}

function whyAbsent(size: number, { regions }: RegionChoice, address: number): string {
  const ends = regions.map(({ start, length }) => start + length);
  const next = regions.some(({ start }) => start > address);
  return next && ends.length > 1 ? 'in the hole for devices, which this file leaves out' : `past the end of the file (${bytesText(size)})`;
}

function sizeProblems(size: number): Problem[] {
  const rest = size % FRAME_BYTES;
  if (rest === 0) return [];
  return [
    {
      kind: 'raw-not-whole-frames',
      text: `${commas(size)} bytes are no whole number of 4,096-byte frames: it may be cut short, or be no memory image.`,
      severity: 'note',
      fileOffset: size - rest,
    },
  ];
}

/** Said only where there was a choice. */
function holeProblems({ presets, regions, reason }: RegionChoice): Problem[] {
  if (presets.length < 2) return [];
  const second = regions[1];
  const taken = second === undefined ? 'without a hole' : `with a hole: from byte ${hex(second.fileOffset)} on at ${hex(second.start)}`;
  return [
    {
      kind: 'raw-device-hole',
      text: `Raw memory over 2 GB may leave out the hole for devices below 4 GB (.vmem does, and its .vmss given with it tells; pmemsave does not). This is read ${taken}. ${reason} It can be changed where the image is described.`,
      severity: 'note',
      fileOffset: second?.fileOffset ?? 0,
    },
  ];
}
