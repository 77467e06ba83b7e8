import { quietTask } from '#core/base/task.ts';
import { openDump } from '#core/formats/index.ts';
import type { ByteSource } from '#core/memory/byte-source.ts';
import type { MemoryImage } from '#core/memory/memory-image.ts';
import { HeldFrames } from '#core/roots/held-frames.ts';
import { ReadingRoom } from '#core/roots/read-stretches.ts';
import { buffersOf, sweepPart } from '#core/roots/sweep-part.ts';
import type { Given, Reader } from './protocol.ts';
import { handedOver } from './wire.ts';

/** A dump opened for nothing but sweeping parts of it for roots, beside the worker that holds its session. */
export function sweeping(sourceOf: (given: Given) => Promise<ByteSource>): Pick<Reader, 'openToSweep' | 'sweep'> {
  let opened: { readonly image: MemoryImage; readonly held: HeldFrames } | undefined;
  const room = new ReadingRoom();
  return {
    async openToSweep(given, options) {
      const { image } = (await openDump(await sourceOf(given), quietTask, options)).dump;
      opened = { image, held: new HeldFrames(image.extents) };
      return opened.held.count;
    },
    async sweep(part) {
      if (!opened) throw new Error('Nothing is open');
      const swept = await sweepPart(opened.image, opened.held, part, room, quietTask);
      return handedOver(swept, buffersOf(swept));
    },
  };
}
