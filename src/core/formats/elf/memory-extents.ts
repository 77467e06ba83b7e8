import { commas, hex } from '#core/base/hex.ts';
import type { Problem } from '#core/base/problem.ts';
import { MACHINE_END } from '#core/memory/address.ts';
import type { Extent } from '#core/memory/extents.ts';
import { PF_ASSUMED_ZERO, PF_ZERO } from './made-note.ts';
import { PT_LOAD, type Segment } from './segments.ts';

export interface MemoryExtents {
  readonly extents: readonly Extent[];
  readonly problems: readonly Problem[];
  /** The segments follow a CPU's mapping (QEMU's `-p`), not the machine's memory. */
  readonly byMapping: boolean;
  /** The memory of one process, not of a machine: then there are no extents. */
  readonly isProcess: boolean;
}

/**
 * What the PT_LOAD segments say of machine memory. Only what a segment stores is held; the rest of its memory size is absent.
 * @param ours Pagewalk wrote the file: then a segment's flags tell zeros that it does not store.
 */
export function memoryExtents(segments: readonly Segment[], fromQemu: boolean, ours = false): MemoryExtents {
  const loads = segments.filter(({ type, memoryBytes, fileBytes }) => type === PT_LOAD && (memoryBytes > 0 || fileBytes > 0));
  if (!fromQemu && !ours && isProcess(loads)) return { extents: [], problems: [processCore()], byMapping: false, isProcess: true };
  const wild = loads.filter(({ machine }) => machine >= MACHINE_END);
  return {
    extents: loads.flatMap((segment) => extentsOf(segment, ours)),
    problems: wild.slice(0, 1).map((segment) => wildSegment(segment, wild.length)),
    byMapping: fromQemu && !ours && loads.some(({ virtual, machine }) => virtual !== machine && virtual !== 0),
    isProcess: false,
  };
}

/** The core of a process: every segment at physical 0, told apart by virtual address only. */
function isProcess(loads: readonly Segment[]): boolean {
  return loads.length > 1 && loads.every(({ machine }) => machine === 0) && new Set(loads.map(({ virtual }) => virtual)).size > 1;
}

function extentsOf(segment: Segment, ours: boolean): Extent[] {
  const { machine, fileBytes, memoryBytes, offset } = segment;
  const filtered = offset === Number.POSITIVE_INFINITY;
  const stored = filtered ? 0 : fileBytes;
  const extents: Extent[] = [];
  if (stored > 0) extents.push({ start: machine, length: stored, fileOffset: offset });
  if (memoryBytes > stored) extents.push({ start: machine + stored, length: memoryBytes - stored, ...unstored(segment, filtered, ours) });
  return extents;
}

function unstored(segment: Segment, filtered: boolean, ours: boolean): Pick<Extent, 'presence' | 'reason'> {
  if (ours && (segment.flags & PF_ZERO) !== 0) return { presence: 'zero' };
  if (ours && (segment.flags & PF_ASSUMED_ZERO) !== 0) return { presence: 'assumed-zero' };
  return { presence: 'absent', reason: absentReason(segment, filtered) };
}

function absentReason({ machine, fileBytes, memoryBytes }: Segment, filtered: boolean): string {
  if (filtered) return 'left out when the dump was made (its segment has no place in the file)';
  return `its segment at ${hex(machine)} stores ${commas(fileBytes)} of ${commas(memoryBytes)} bytes`;
}

function wildSegment(segment: Segment, count: number): Problem {
  return {
    kind: 'elf-segment-wild',
    text: `${commas(count)} segment${count === 1 ? ' lies' : 's lie'} above the 52 bits of machine address that x86 has; left out.`,
    severity: 'loss',
    fileOffset: segment.at,
  };
}

function processCore(): Problem {
  return {
    kind: 'elf-process-core',
    text: 'This is the core file of one process (all segments have physical address 0): it has no page tables. Dump the whole guest, for instance with QEMU dump-guest-memory.',
    severity: 'stop',
  };
}
