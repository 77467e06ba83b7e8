import { bytesText, hex } from '#core/base/hex.ts';
import type { Task } from '#core/base/task.ts';
import type { ByteSource } from '#core/memory/byte-source.ts';
import { Fields } from './fields.ts';
import type { DumpFormat, Glimpse, JoinedFormat, OpenedDump, Recognition } from './format.ts';
import { stopped } from './stopped.ts';
import { isVmwareState, readVmwareState } from './vmware/state-file.ts';
import { imageOfState } from './vmware/state-image.ts';

/** A VMware guest that was suspended (.vmss) or a snapshot of one (.vmsn): its CPUs and where its memory lies in the .vmem (dump-formats, section 7). */
const vmwareState: DumpFormat = {
  id: 'vmware-state',
  label: 'VMware saved state',
  recognise,
  open,
  joined: { recognise: recognisePair, open: openPair },
};
export default vmwareState;

const magicOf = ({ head }: Glimpse): string => hex(new Fields(head).u32(0), 8);

function recognise(seen: Glimpse): Recognition | undefined {
  return isVmwareState(seen.head) ? { certainty: 'magic', how: `begins with the word ${magicOf(seen)} (VMware state)` } : undefined;
}

/** The memory file has no mark of its own. */
function recognisePair(files: readonly Glimpse[]): ReturnType<JoinedFormat['recognise']> {
  const state = files.findIndex(({ head }) => isVmwareState(head));
  const [memory, beside] = [files[1 - state], files[state]];
  if (files.length !== 2 || !memory || !beside || isVmwareState(memory.head)) return undefined;
  return {
    certainty: 'structure',
    order: [1 - state, state],
    how: `memory of ${bytesText(memory.size)}, beside a file that begins with the word ${magicOf(beside)} (VMware state)`,
  };
}

const NOT_STATE = 'This is no VMware state file: it does not begin with bed2bed2 or the like.';
const BOTH =
  'Give the .vmem file that lies beside it and this one together: drop or choose both at once, or give both addresses (pagewalk: --with FILE).';

/** The file by itself: older ones, and those of guests without a named memory file, hold the memory too. */
async function open(source: ByteSource, task: Task): Promise<OpenedDump> {
  const state = await readVmwareState(source, task);
  if (state === undefined) return stopped('vmware-not-state', NOT_STATE);
  const { memory } = state;
  if (memory === undefined) return stopped('vmware-no-memory', `This VMware state file does not hold the guest’s memory. ${BOTH}`);
  if (memory.compressed)
    return stopped(
      'vmware-compressed',
      'The guest’s memory in this VMware state file is compressed, which is not read. Take a snapshot with a .vmem file.',
      memory.at,
    );
  return imageOfState(source, memory.at, memory.bytes, state);
}

async function openPair([memory, beside]: readonly ByteSource[], task: Task): Promise<OpenedDump> {
  const state = beside && (await readVmwareState(beside, task));
  return memory && state ? imageOfState(memory, 0, memory.size, state) : stopped('vmware-not-state', NOT_STATE);
}
