import { Cancelled, type Progress } from '#core/base/task.ts';
import { NO_TRAFFIC, type Traffic } from '#core/memory/remote/traffic.ts';
import type { ImageSummary, OpenOptions, Questions } from '#core/session/contract.ts';
import { type ReaderLine, startLine, type WorkerPort } from './line.ts';
import type { Given, QuestionName } from './protocol.ts';
import { createQuestions } from './questions.ts';

export { keepSpareWorker, startWorker } from './start-worker.ts';
export type { WorkerPort };

/**
 * A reader that stopped and what came of it. `lost`: it could not be started again; every question rejects from then on. `unreadable`: the
 * file or its server fails; told once for each reason.
 */
export interface ReaderEvent {
  readonly kind: 'restarting' | 'restarted' | 'lost' | 'unreadable';
  readonly reason: string;
}

interface Call {
  readonly name: QuestionName;
  readonly parameters: readonly unknown[];
  readonly resolve: (answer: unknown) => void;
  readonly reject: (error: Error) => void;
  /** Readers that stopped while this was being asked. */
  deaths: number;
}

/** Names of errors of the file or its server, as the sources throw them. */
const MEDIUM_FAULTS = ['FileChanged', 'UnfitServer', 'Unreachable'];
/** A question that two readers died of is not asked a third time. */
const DEATHS_PER_CALL = 2;

/**
 * One open dump as the page sees it: questions that always resolve or reject, whatever happens to the worker behind.
 * A worker that stops is replaced, the dump opened again and what was being asked asked again.
 */
export class DumpClient {
  /** Told of restarts; progress of long jobs after opening (atlases). */
  onEvent: (event: ReaderEvent) => void = () => undefined;
  onProgress: (progress: Progress) => void = () => undefined;
  /** Told what was fetched of an image behind a server, as `traffic`. */
  onTraffic: (traffic: Traffic) => void = () => undefined;
  /** How answers reach who asked: at once, or as the page has time for them. */
  deliver: (give: () => void) => void = (give) => give();
  readonly questions: Questions = createQuestions((name, parameters) => this.#ask(name, parameters));

  readonly #newPort: () => WorkerPort;
  readonly #given: Given;
  readonly #options: OpenOptions;
  readonly #calls = new Set<Call>();
  #line: ReaderLine;
  #ready = false;
  #lost: Error | undefined;
  readonly #mediumFaults = new Set<string>();
  #traffic = NO_TRAFFIC;
  /** What readers fetched that have stopped. */
  #earlier = NO_TRAFFIC;

  private constructor(newPort: () => WorkerPort, given: Given, options: OpenOptions) {
    this.#newPort = newPort;
    this.#given = given;
    this.#options = options;
    this.#line = this.#startLine();
  }

  /**
   * Starts a worker, opens the dump in it and answers what it holds.
   * @throws Cancelled when `signal` aborts (the worker is ended); Error when the dump cannot be read at all.
   */
  static async open(
    newPort: () => WorkerPort,
    given: Given,
    options: OpenOptions,
    report: (progress: Progress) => void,
    signal: AbortSignal,
  ): Promise<{ readonly client: DumpClient; readonly image: ImageSummary }> {
    const client = new DumpClient(newPort, given, options);
    client.onProgress = report;
    try {
      const image = await abortable(client.#openLine(), signal);
      return { client, image };
    } catch (error) {
      client.close();
      throw error;
    }
  }

  /** Fetched so far of an image behind a server; nothing for any other. */
  get traffic(): Traffic {
    return this.#traffic;
  }

  /** Stops the long job under way; its call rejects with `Cancelled`. */
  cancel(): void {
    this.#line.cancel();
  }

  /** Ends the worker as if it had died by itself. */
  stopReader(): void {
    this.#line.breakDown('it was ended');
  }

  /** Ends the worker; questions under way reject. */
  close(): void {
    this.#lost ??= new Cancelled('closed');
    this.#line.end();
    this.#rejectAll(this.#lost);
  }

  #startLine(): ReaderLine {
    const line = startLine(this.#newPort(), (reason) => void this.#restart(line, reason));
    return line;
  }

  async #openLine(): Promise<ImageSummary> {
    this.#earlier = this.#traffic;
    const image = await this.#line.open(
      this.#given,
      this.#options,
      (progress) => this.onProgress(progress),
      (traffic) => this.#noteTraffic(traffic),
    );
    this.#ready = true;
    return image;
  }

  #noteTraffic(now: Traffic): void {
    const { requests, bytes } = this.#earlier;
    this.#traffic = { ...now, requests: requests + now.requests, bytes: bytes + now.bytes };
    this.onTraffic(this.#traffic);
  }

  #ask(name: QuestionName, parameters: readonly unknown[]): Promise<unknown> {
    if (this.#lost) return Promise.reject(this.#lost);
    return new Promise((resolve, reject) => {
      const call: Call = { name, parameters, resolve, reject, deaths: 0 };
      this.#calls.add(call);
      if (this.#ready) this.#send(call);
    });
  }

  #send(call: Call): void {
    const line = this.#line;
    line.ask(call.name, call.parameters).then(
      (answer) => this.deliver(() => this.#settle(call, line) && call.resolve(answer)),
      (error: Error) => {
        this.#noteMedium(error);
        this.deliver(() => this.#settle(call, line) && call.reject(error));
      },
    );
  }

  /** A file that changed or a server that fails is every question's trouble: it is told once, not by each pane. */
  #noteMedium({ name, message }: Error): void {
    if (!MEDIUM_FAULTS.includes(name) || this.#mediumFaults.has(message)) return;
    this.#mediumFaults.add(message);
    this.onEvent({ kind: 'unreadable', reason: message });
  }

  /** False for what a dead line still says: the call is asked again on the new one. */
  #settle(call: Call, line: ReaderLine): boolean {
    return line === this.#line && this.#calls.delete(call);
  }

  async #restart(line: ReaderLine, reason: string): Promise<void> {
    if (line !== this.#line || this.#lost || !this.#ready) return;
    this.#ready = false;
    line.end();
    this.onEvent({ kind: 'restarting', reason });
    this.#giveUpOnDeadly(reason);
    this.#line = this.#startLine();
    try {
      await this.#openLine();
    } catch (error) {
      this.#lose(error instanceof Error ? error : new Error(String(error)));
      return;
    }
    this.onEvent({ kind: 'restarted', reason });
    for (const call of this.#calls) this.#send(call);
  }

  #giveUpOnDeadly(reason: string): void {
    for (const call of this.#calls) {
      call.deaths += 1;
      if (call.deaths < DEATHS_PER_CALL) continue;
      this.#calls.delete(call);
      call.reject(new Error(`The reader stopped ${call.deaths} times on this question (${reason})`));
    }
  }

  #lose(error: Error): void {
    this.#lost = error;
    this.#line.end();
    this.#rejectAll(error);
    this.onEvent({ kind: 'lost', reason: error.message });
  }

  #rejectAll(error: Error): void {
    for (const call of this.#calls) call.reject(error);
    this.#calls.clear();
  }
}

function abortable<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(new Cancelled('cancelled'));
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    promise.then(resolve, reject);
  });
}
