import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { quietTask } from '#core/base/task.ts';
import { machineAddress } from '#core/memory/address.ts';
import { bytesSource } from '#core/memory/byte-source.ts';
import { createExtentImage } from '#core/memory/extent-image.ts';
import { nameRoots } from '#core/roots/names/name-roots.ts';
import { PV_FRAMES, writePvGuest } from '../../../../support/pv-guest.ts';

const FRAMES = 512;
const TABLES = [FRAMES - 60, FRAMES - 30] as const;

/** All frames below the tables', in any order. */
const shuffled = fc.shuffledSubarray(
  Array.from({ length: TABLES[0] - 1 }, (_, i) => i + 1),
  { minLength: 2 * PV_FRAMES },
);

describe.each(['4-level', 'pae'] as const)('paravirtualised guests of %s', (mode) => {
  it('have their processes named, though their memory is in no order, and there are two of them', async () => {
    await fc.assert(
      fc.asyncProperty(shuffled, async (frames) => {
        const machine = new Uint8Array(FRAMES * 4096);
        const one = { mode, frames: frames.slice(0, PV_FRAMES), tables: TABLES[0], names: ['xenstored', 'sshd', 'bash', 'xl'] };
        const other = { mode, frames: frames.slice(PV_FRAMES, 2 * PV_FRAMES), tables: TABLES[1], names: ['nginx', 'cron', 'agetty'] };
        const roots = [...writePvGuest(machine, one), ...writePvGuest(machine, other)];
        const image = createExtentImage({
          source: bytesSource(machine),
          extents: [{ start: machineAddress(0), length: machine.length, fileOffset: 0 }],
        });
        const named = await nameRoots(image, roots, quietTask);
        expect(roots.map((root) => named.get(root)?.name)).toEqual(roots.map(({ name }) => name));
      }),
      { numRuns: 25 },
    );
  });
});
