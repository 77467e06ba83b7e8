import type { ReaderEvent } from '#worker/client.ts';
import type { DeskStore } from './desk.ts';

/** Says what came of a reader that stopped or cannot read. */
export function tellOfReader(desk: DeskStore, { kind, reason }: ReaderEvent): void {
  const { tell } = desk.getState();
  if (kind === 'restarted')
    tell('The reader was started again', `It had stopped (${reason}). Your place and root are as they were; the tables were read again.`);
  if (kind === 'unreadable') tell('Not all of this image can be read now', reason);
  if (kind === 'lost') tell('The reader cannot be started again', `${reason} Choose the file again to go on.`);
}
