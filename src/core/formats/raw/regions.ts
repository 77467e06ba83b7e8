/** A part of a raw file and where its bytes lie in memory. Bytes, all three. */
export interface MemoryRegion {
  readonly start: number;
  readonly fileOffset: number;
  readonly length: number;
}

/** What common machines and tools make of a hole below 4 GiB. */
export interface RegionPreset {
  readonly label: string;
  readonly regions: readonly MemoryRegion[];
}

/** Which parts of a raw file were taken to lie where, why, and what else they may be. */
export interface RegionChoice {
  readonly regions: readonly MemoryRegion[];
  /** One sentence. */
  readonly reason: string;
  readonly presets: readonly RegionPreset[];
}

const FOUR_GIB = 2 ** 32;

/** Where the hole for devices begins; it ends at 4 GiB. dump-formats, section 1, "PCI-hole presets". */
const HOLES: readonly (readonly [number, string])[] = [
  [0x8000_0000, 'QEMU q35'],
  [0xc000_0000, 'VMware, QEMU i440fx and microvm'],
  [0xe000_0000, 'QEMU 0.x and 1.x'],
  [0xf000_0000, 'Xen HVM'],
];

/** Least bytes at which any of the machines leaves a hole. */
export const LOWEST_HOLE = 0x8000_0000;

const NO_HOLE = 'no hole: byte n is address n';

/** The file from 0 on, and with each hole that it is large enough for. The first has none. */
export function regionPresets(size: number): readonly RegionPreset[] {
  const holes = HOLES.filter(([from]) => size > from);
  return [
    { label: NO_HOLE, regions: [{ start: 0, fileOffset: 0, length: size }] },
    ...holes.map(([from, machines]) => ({
      label: `hole from ${from.toString(16)} to 4 GB (${machines})`,
      regions: regionsWithHole(size, from),
    })),
  ];
}

/** Bytes from `from` on lie at 4 GiB and above. */
export const regionsWithHole = (size: number, from: number): readonly MemoryRegion[] => [
  { start: 0, fileOffset: 0, length: Math.min(from, size) },
  ...(size > from ? [{ start: FOUR_GIB, fileOffset: from, length: size - from }] : []),
];

/** Place in the file of an address; undefined where no region has it. */
export function fileOffsetIn(regions: readonly MemoryRegion[], address: number): number | undefined {
  const region = regions.find(({ start, length }) => address >= start && address < start + length);
  return region === undefined ? undefined : region.fileOffset + address - region.start;
}
