import { Cancelled, type Progress, quietTask, type Task } from '#core/base/task.ts';
import { type ByteSource, bytesSource } from '#core/memory/byte-source.ts';
import { together } from '#core/memory/companions.ts';
import type { Traffic } from '#core/memory/remote/traffic.ts';
import type { OpenOptions, Questions } from '#core/session/contract.ts';
import type { SweepersFor } from '#core/session/sweepers-for.ts';
import { fileByteSource } from './file-byte-source.ts';
import type { WorkerPort } from './line.ts';
import type { Given, Reader } from './protocol.ts';
import { remoteByteSource } from './remote-byte-source.ts';
import { sweepersFor } from './sweepers-for.ts';
import { sweeping } from './sweeping.ts';
import { withOwnBuffers } from './wire.ts';

export type OpenSession = (source: ByteSource, task: Task, options: OpenOptions, sweepersFor?: SweepersFor) => Promise<Questions>;

/** Often enough for the eye, seldom enough not to slow the reading. */
const REPORT_EVERY_MS = 40;

/** The worker's side: one dump, its session, and the long job that may be cancelled. `newPort`: starts another such worker, where it can. */
export function createReader(openSession: OpenSession, newPort?: () => WorkerPort): Reader {
  let session: Questions | undefined;
  let cancelled = false;
  return {
    async open(given, options, report, tellTraffic) {
      cancelled = false;
      const task = reportingTask(report, () => cancelled);
      const source = await sourceOf(given, task, tellTraffic);
      session = await openSession(source, task, options, newPort && sweepersFor(newPort, given));
      return withOwnBuffers(await session.summary());
    },
    async ask(name, parameters) {
      if (!session) throw new Error('Nothing is open');
      if (name === 'atlas' || name === 'findRoots' || name === 'nameRoots') cancelled = false;
      const answer = session[name] as (...parameters: readonly unknown[]) => Promise<unknown>;
      return withOwnBuffers(await answer.apply(session, [...parameters]));
    },
    ...sweeping((given) => sourceOf(given, quietTask, () => undefined)),
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

async function sourceOf(given: Given, task: Task, tellTraffic: (traffic: Traffic) => void): Promise<ByteSource> {
  switch (given.kind) {
    case 'file':
      return together([fileByteSource(given.file), ...(given.others ?? []).map(fileByteSource)]);
    case 'text':
      return bytesSource(new TextEncoder().encode(given.text), given.name);
    case 'remote':
      return remoteByteSource(given, task, tellTraffic);
    case 'sample':
      task.report({ step: 'fetching the sample', done: 0 });
      return bytesSource(await fetchOwn(given.url), given.name);
  }
}

async function fetchOwn(url: string): Promise<Uint8Array> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`The sample could not be fetched: ${response.status} ${response.statusText}`);
  return new Uint8Array(await response.arrayBuffer());
}
