import { bytesText } from '#core/base/hex.ts';
import type { Task } from '#core/base/task.ts';
import type { Root } from '#core/paging/mode.ts';
import type { MadeFile } from './contract.ts';
import { capsule } from './conversion.ts';
import type { Session } from './session.ts';

/** Page tables of one root take 256 MB at most; more is an M2P of a large machine. */
const MOST_BYTES = 512 * 2 ** 20;

/** A capsule whole in memory, for the page to hand to the browser. @throws Cancelled, and an Error where it would be too large for that. */
export async function capsuleBytes(session: Session, root: Root, withM2p: boolean, task: Task): Promise<MadeFile> {
  const { choice } = await session.openRoot(root);
  const plan = await capsule(session, { roots: [choice], m2p: withM2p });
  if (plan.size > MOST_BYTES) throw new Error(`The capsule would have ${bytesText(plan.size)}: the command line writes such (pagewalk convert).`);
  const bytes = new Uint8Array(plan.size);
  for await (const piece of plan.pieces(task)) bytes.set(piece.bytes, piece.offset);
  const { name } = await session.summary();
  return { name: `${name.replace(/^.*[/\\]/, '').replace(/\.[^.]*$/, '')}.capsule.elf`, bytes, notes: plan.notes };
}
