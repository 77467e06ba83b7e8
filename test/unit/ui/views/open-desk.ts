import { parseVirtual } from '#core/base/hex.ts';
import { quietTask } from '#core/base/task.ts';
import { virtualPage } from '#core/memory/address.ts';
import { bytesSource } from '#core/memory/byte-source.ts';
import { pagingMode } from '#core/paging/modes.ts';
import { openSession } from '#core/session/session.ts';
import { createDesk, type DeskStore } from '#ui/state/desk.ts';
import { firstPlace } from '#ui/state/place.ts';

/** A desk with a dump open in a real session, its best root chosen and `va` selected. */
export async function openDesk(bytes: Uint8Array, va: string): Promise<DeskStore> {
  const session = await openSession(bytesSource(bytes, 'dump'), quietTask);
  const image = await session.summary();
  const [root] = image.roots;
  const at = root && parseVirtual(va, pagingMode(root.mode).virtualBits);
  if (!root || !at) throw new Error(`no root, or no address: ${va}`);
  const place = { ...firstPlace, root, address: { page: virtualPage(at.page), offset: at.offset } };
  return createDesk({ phase: { kind: 'open' }, image, atlas: await session.atlas(root), questions: session, place });
}
