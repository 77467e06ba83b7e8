import { Cancelled, type Progress, type Task } from '#core/base/task.ts';
import { type ByteSource, bytesSource } from '#core/memory/byte-source.ts';
import { fetchedFile, MOST_SECONDS } from '#core/memory/remote/fetched-file.ts';
import { openRemote } from '#core/memory/remote/remote-source.ts';
import type { OpenOptions, Questions } from '#core/session/contract.ts';
import { fileByteSource } from './file-byte-source.ts';
import type { Given, Reader } from './protocol.ts';
import { withOwnBuffers } from './wire.ts';

export type OpenSession = (source: ByteSource, task: Task, options: OpenOptions) => Promise<Questions>;

/** Often enough for the eye, seldom enough not to slow the reading. */
const REPORT_EVERY_MS = 40;

/** The worker's side: one dump, its session, and the long job that may be cancelled. */
export function createReader(openSession: OpenSession): Reader {
  let session: Questions | undefined;
  let cancelled = false;
  return {
    async open(given, options, report) {
      cancelled = false;
      const task = reportingTask(report, () => cancelled);
      session = await openSession(await sourceOf(given, task), task, options);
      return withOwnBuffers(await session.summary());
    },
    async ask(name, parameters) {
      if (!session) throw new Error('Nothing is open');
      if (name === 'atlas' || name === 'findRoots') cancelled = false;
      const answer = session[name] as (...parameters: readonly unknown[]) => Promise<unknown>;
      return withOwnBuffers(await answer.apply(session, [...parameters]));
    },
    cancel() {
      cancelled = true;
    },
    ping: () => true,
  };
}

function reportingTask(report: (progress: Progress) => void, isCancelled: () => boolean): Task {
  let last = { step: '', at: 0 };
  return {
    report(progress) {
      const now = performance.now();
      if (progress.step === last.step && now - last.at < REPORT_EVERY_MS) return;
      last = { step: progress.step, at: now };
      report(progress);
    },
    check() {
      if (isCancelled()) throw new Cancelled();
    },
  };
}

async function sourceOf(given: Given, task: Task): Promise<ByteSource> {
  switch (given.kind) {
    case 'file':
      return given.companion ? { ...fileByteSource(given.file), companion: fileByteSource(given.companion) } : fileByteSource(given.file);
    case 'text':
      return bytesSource(new TextEncoder().encode(given.text), given.name);
    case 'remote':
      task.report({ step: `asking ${new URL(given.url).host}`, done: 0 });
      return openRemote(
        fetchedFile(given.url, (url, how) => fetch(url, { ...how, signal: AbortSignal.timeout(MOST_SECONDS * 1000) }), self.location.origin),
        given.name,
        sleep,
      );
    case 'sample':
      task.report({ step: 'fetching the sample', done: 0 });
      return bytesSource(await fetchOwn(given.url), given.name);
  }
}

const sleep = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

async function fetchOwn(url: string): Promise<Uint8Array> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`The sample could not be fetched: ${response.status} ${response.statusText}`);
  return new Uint8Array(await response.arrayBuffer());
}
