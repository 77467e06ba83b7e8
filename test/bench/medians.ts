import { Bench } from 'tinybench';
import type { Figure, Size } from './row.ts';

/** All jobs in turn, so many times: a machine that is busy for a while is busy for all of them. */
const ROUNDS = 12;
const RUNS_A_ROUND = 5;
/** Milliseconds of runs before those that count, until the engine has compiled what it will. */
const WARM_UP = 100;

/** Milliseconds that all threads of this process had a processor: what others on a busy machine take is not in it. */
export function processorTime(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** For what waits, as reading a file does, or computes in several threads so as to be done sooner. */
export const wallTime = (): number => performance.now();

/**
 * Milliseconds of each job: the median of its runs in a round, and of rounds the quickest, since others on the machine can only slow it.
 * A job gives something, so that it is not optimised away; what it throws is thrown.
 */
export async function medians<Name extends string>(
  jobs: Readonly<Record<Name, () => unknown>>,
  size: Size,
  now: () => number,
): Promise<Readonly<Record<Name, number>>> {
  const full = size === 'full';
  const runs = full ? { iterations: RUNS_A_ROUND, warmupIterations: 1, warmupTime: WARM_UP } : { iterations: 1, warmup: false };
  const bench = new Bench({ time: 0, throws: true, now, ...runs });
  for (const [name, job] of Object.entries<() => unknown>(jobs)) bench.add(name, () => given(name, job));
  const best = new Map<string, number>();
  for (let round = 0; round < (full ? ROUNDS : 1); round++) {
    await bench.run();
    for (const { name, result } of bench.tasks) best.set(name, Math.min(best.get(name) ?? Number.POSITIVE_INFINITY, medianOf(name, result)));
  }
  return Object.fromEntries(best) as Record<Name, number>;
}

let kept: unknown;

async function given(name: string, job: () => unknown): Promise<void> {
  kept = await job();
  if (kept === undefined) throw new Error(`${name} gave nothing`);
}

function medianOf(name: string, result: Bench['tasks'][number]['result']): number {
  if (!('latency' in result)) throw new Error(`${name} was not measured`);
  return result.latency.p50;
}

/** A figure of a job as times another of the same run. */
export const beside = (plain: number, milliseconds: number, note = ''): Figure => ({ ratio: milliseconds / plain, milliseconds, note });
