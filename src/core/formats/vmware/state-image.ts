import { commas, hex } from '#core/base/hex.ts';
import type { Problem } from '#core/base/problem.ts';
import type { OpenedDump } from '#core/formats/format.ts';
import { FRAME_END } from '#core/memory/address.ts';
import type { ByteSource } from '#core/memory/byte-source.ts';
import { createExtentImage } from '#core/memory/extent-image.ts';
import type { Extent } from '#core/memory/extents.ts';
import type { StateRegion, VmwareState } from './state-file.ts';
import { rootsOfState } from './state-roots.ts';

/** Guest memory as its regions say, its bytes at `at` … of a source: the .vmem (at 0), or the block of the state file. */
export function imageOfState(source: ByteSource, at: number, bytes: number, state: VmwareState): OpenedDump {
  const { extents, problems } = extentsOf(state, at, bytes);
  const image = createExtentImage({ source, extents, whyAbsent: () => 'in no region of the guest’s memory (the hole for devices, or no RAM)' });
  const roots = rootsOfState(state);
  const empty: Problem[] =
    image.extents.count > 0 ? [] : [{ kind: 'vmware-no-memory', text: 'No region of memory is in the file.', severity: 'stop' }];
  return { image, roots, frameWord: 'frame', problems: [...state.problems, ...problems, ...image.problems, ...noRoots(roots.length), ...empty] };
}

const noRoots = (count: number): Problem[] =>
  count > 0
    ? []
    : [{ kind: 'vmware-no-cpu', text: 'The state file names no CPU with paging on: give a root by hand or search for one.', severity: 'note' }];

/** regionsCount of 0, or none in a file that is whole: the file is guest memory from 0 on. */
function extentsOf(state: VmwareState, at: number, bytes: number): { extents: Extent[]; problems: Problem[] } {
  const { regionsCount = 0, regions } = state;
  if (state.regionsCount === undefined && state.memoryCut) return { extents: [], problems: [regionsCut] };
  if (regionsCount === 0) return { extents: [{ start: 0, length: bytes, fileOffset: at }], problems: [] };
  const listed = [...regions].filter(([index]) => index < regionsCount).map(([, region]) => region);
  const sound = listed.filter(isSound);
  const problems: Problem[] = [];
  if (sound.length < regionsCount)
    problems.push({
      kind: 'vmware-regions',
      text: `The state file says ${commas(regionsCount)} regions of memory; ${commas(sound.length)} can be used.`,
      severity: 'loss',
    });
  const end = Math.max(0, ...sound.map(({ filePage, pages }) => (filePage + pages) * 4096));
  if (end < bytes)
    problems.push({
      kind: 'vmware-memory-longer',
      text: `The memory file goes on for ${commas(bytes - end)} bytes after its last region (${hex(end)}): is it of this state file?`,
      severity: 'note',
      fileOffset: at + end,
    });
  return { extents: sound.map((region) => extentOf(region, at)), problems };
}

const regionsCut: Problem = {
  kind: 'vmware-regions',
  text: 'The state file was cut before it says where the parts of memory lie, so none is placed. The .vmem alone opens as raw memory.',
  severity: 'loss',
};

const isSound = ({ filePage, guestPage, pages }: StateRegion): boolean =>
  pages > 0 && guestPage + pages <= FRAME_END && filePage + pages <= FRAME_END;

const extentOf = ({ filePage, guestPage, pages }: StateRegion, at: number): Extent => ({
  start: guestPage * 4096,
  length: pages * 4096,
  fileOffset: at + filePage * 4096,
});
