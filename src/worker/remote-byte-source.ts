import type { Task } from '#core/base/task.ts';
import type { ByteSource } from '#core/memory/byte-source.ts';
import { together } from '#core/memory/companions.ts';
import { RemoteFiles } from '#core/memory/remote/remote-files.ts';
import type { Traffic } from '#core/memory/remote/traffic.ts';
import type { Given } from './protocol.ts';

/** Figures that nobody waits for. */
const TRAFFIC_EVERY_MS = 250;

/** A file behind a server, with those that belong to it. @param tellTraffic Told now and then, as long as it is read. */
export async function remoteByteSource(
  given: Extract<Given, { kind: 'remote' }>,
  task: Task,
  tellTraffic: (traffic: Traffic) => void,
): Promise<ByteSource> {
  const files = new RemoteFiles({ fetch: (url, how) => fetch(url, how as RequestInit), wait: sleep, origin: self.location.origin });
  const { meter } = files;
  const tell = nowAndThen(() => tellTraffic(meter.traffic), TRAFFIC_EVERY_MS);
  const host = new URL(given.url).host;
  meter.onChange = () => {
    tell();
    task.report({
      step: meter.traffic.waiting > 0 ? `waiting for ${host}: no answer yet, asking again` : `asking ${host}`,
      done: meter.traffic.bytes,
    });
  };
  const [source, ...others] = await files.openAll([given, ...(given.others ?? [])]);
  meter.onChange = tell;
  if (!source) throw new Error('No file was opened');
  return together([source, ...others]);
}

const sleep = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Acts so long after it was called first: once for all calls until then, the last among them. */
function nowAndThen(act: () => void, milliseconds: number): () => void {
  let isWaiting = false;
  return () => {
    if (isWaiting) return;
    isWaiting = true;
    setTimeout(() => {
      isWaiting = false;
      act();
    }, milliseconds);
  };
}
