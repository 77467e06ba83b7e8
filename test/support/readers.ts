import type { WorkerPort } from '#worker/client.ts';
import { createReader, type OpenSession } from '#worker/reader.ts';
import { offerReader } from '#worker/wire.ts';

/** Workers in this process, each at the other end of a MessageChannel, that a test can break. Node's File loses its name on the way. */
export function readersInProcess(opening: OpenSession) {
  const breakers: ((reason: string) => void)[] = [];
  const start = (): WorkerPort => {
    const { port1, port2 } = new MessageChannel();
    offerReader(
      createReader((source, ...rest) => opening({ ...source, name: source.name ?? 'nameless file' }, ...rest)),
      port2,
    );
    return {
      endpoint: port1,
      terminate: () => {
        port1.close();
        port2.close();
      },
      onBroken: (listener) => breakers.push(listener),
    };
  };
  return { start, breakLast: (reason: string) => breakers.at(-1)?.(reason), started: () => breakers.length };
}
