import { Cancelled, type Progress } from '#core/base/task.ts';
import type { Traffic } from '#core/memory/remote/traffic.ts';
import type { Part, SweptPart } from '#core/roots/sweep-part.ts';
import type { ImageSummary, OpenOptions } from '#core/session/contract.ts';
import type { Given, QuestionName } from './protocol.ts';
import { callableAcross, connectReader, type Endpoint } from './wire.ts';

/** A worker as this side holds it. */
export interface WorkerPort {
  readonly endpoint: Endpoint;
  terminate(): void;
  /** Told when the worker says itself that it broke (`error`, `messageerror`). */
  onBroken(listener: (reason: string) => void): void;
}

/** Waits this long between two looks after a worker that has calls waiting. */
const LOOK_EVERY_MS = 2000;
/** A worker that has not answered a ping for so long is taken for dead; its longest unbroken computation is far shorter. */
const SILENCE_MS = 10_000;

/** One worker with one dump. Calls reject when it breaks, hangs, or is ended: none waits for ever. */
export interface ReaderLine {
  open(given: Given, options: OpenOptions, report: (progress: Progress) => void, tellTraffic: (traffic: Traffic) => void): Promise<ImageSummary>;
  ask(name: QuestionName, parameters: readonly unknown[]): Promise<unknown>;
  openToSweep(given: Given, options: OpenOptions): Promise<number>;
  sweep(part: Part): Promise<SweptPart>;
  cancel(): void;
  /** Ends it as a death would. */
  breakDown(reason: string): void;
  end(): void;
}

export function startLine(port: WorkerPort, onDeath: (reason: string) => void): ReaderLine {
  const reader = connectReader(port.endpoint);
  const waiting = new Set<(error: Error) => void>();
  const end = (error: Error) => {
    watch.stop();
    port.terminate();
    for (const reject of waiting) reject(error);
    waiting.clear();
  };
  const die = (reason: string) => {
    onDeath(reason);
    end(new Error(`The reader stopped: ${reason}`));
  };
  const watch = createWatch(() => reader.ping(), die);
  port.onBroken(die);

  const guarded = <T>(answer: Promise<T>): Promise<T> =>
    new Promise((resolve, reject) => {
      waiting.add(reject);
      watch.start();
      const done = () => {
        waiting.delete(reject);
        if (waiting.size === 0) watch.stop();
      };
      answer.then(resolve, (error: unknown) => reject(asError(error))).finally(done);
    });

  return {
    open: (given, options, report, tellTraffic) => guarded(reader.open(given, options, callableAcross(report), callableAcross(tellTraffic))),
    ask: (name, parameters) => guarded(reader.ask(name, parameters)),
    openToSweep: (given, options) => guarded(reader.openToSweep(given, options)),
    sweep: (part) => guarded(reader.sweep(part)),
    cancel: () => void reader.cancel(),
    breakDown: die,
    end: () => end(new Cancelled('closed')),
  };
}

/** Pings while something waits; silence for too long is death. */
function createWatch(ping: () => Promise<unknown>, die: (reason: string) => void) {
  let timer: ReturnType<typeof setInterval> | undefined;
  let heard = 0;
  const look = () => {
    const silence = Date.now() - heard;
    if (silence > SILENCE_MS) die(`no answer for ${Math.round(silence / 1000)} seconds`);
    else ping().then(hear, () => undefined);
  };
  const hear = () => {
    heard = Date.now();
  };
  return {
    start() {
      if (timer !== undefined) return;
      hear();
      timer = setInterval(look, LOOK_EVERY_MS);
    },
    stop() {
      clearInterval(timer);
      timer = undefined;
    },
  };
}

/** Errors cross as name, message and stack; a cancel is a cancel again on this side. */
function asError(thrown: unknown): Error {
  if (!(thrown instanceof Error)) return new Error(String(thrown));
  return thrown.name === 'Cancelled' ? new Cancelled(thrown.message) : thrown;
}
