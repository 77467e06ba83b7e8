import { Cancelled, type Progress } from '#core/base/task.ts';
import type { AtlasSummary, ImageSummary, OpenOptions } from '#core/session/contract.ts';
import { DumpClient, type WorkerPort } from '#worker/client.ts';
import { type Given, nameOf } from '#worker/protocol.ts';
import { AllowedHosts } from './allowed-hosts.ts';
import type { DeskStore } from './desk.ts';
import { failureOf, failureOfStopped } from './failures.ts';
import { firstAddress, firstRoot, fitPlace } from './first-look.ts';
import { HostGate } from './host-gate.ts';
import { noteNaming } from './naming.ts';
import type { LinkedImage } from './permalink.ts';
import type { Phase } from './phase.ts';
import { firstPlace, type Place } from './place.ts';
import { tellOfReader } from './reader-events.ts';
import type { RemoteAddress } from './remote-address.ts';
import { secondAddress, urlsOf } from './remote-given.ts';
import { noteSearch } from './root-search.ts';
import { queueTurn } from './turns.ts';

export interface OpenRequest {
  readonly given: Given;
  readonly options?: OpenOptions;
  /** From a link or a recent visit; undefined = the first look. */
  readonly place?: Place;
  /** The image that the place belongs to; another one is not opened at that place unasked. */
  readonly wanted?: LinkedImage;
  readonly sample?: string;
  readonly packedText?: string;
  readonly handle?: FileSystemFileHandle;
  /** False where the browser's history already stands at the new place. */
  readonly jump?: boolean;
}

interface Opened {
  readonly client: DumpClient;
  readonly image: ImageSummary;
  readonly request: OpenRequest;
}

/** Opens dumps onto the desk, one at a time; the image in view stays until the next one is whole. */
export class Opening {
  readonly #desk: DeskStore;
  readonly #newPort: (given: Given) => WorkerPort;
  readonly #gate: HostGate<OpenRequest>;
  readonly #opened: (image: ImageSummary, request: OpenRequest) => void;
  /** By fingerprint: what was opened in this visit, so that back and forward need not ask for it again. */
  readonly #seen = new Map<string, OpenRequest>();
  #client: DumpClient | undefined;
  #abort: AbortController | undefined;
  /** Opened, but not the image that the link names: waits for the user's word. */
  #other: Opened | undefined;
  #lastRequest: OpenRequest | undefined;

  constructor(
    desk: DeskStore,
    newPort: (given: Given) => WorkerPort,
    opened: (image: ImageSummary, request: OpenRequest) => void = () => undefined,
    hosts = new AllowedHosts('', undefined),
  ) {
    this.#desk = desk;
    this.#newPort = newPort;
    this.#opened = opened;
    this.#gate = new HostGate(hosts);
  }

  /** Of an image behind a host that was not allowed, nothing is asked: the page shows the question first. */
  async open(request: OpenRequest): Promise<void> {
    this.#abort?.abort();
    this.#abort = undefined; // So that the opening which ends now does not put its last word over the question.
    const stop = this.#gate.stop(request);
    if (stop) return this.#show(stop);
    const abort = new AbortController();
    this.#abort = abort;
    const before = this.#restingPhase();
    const name = nameOf(request.given);
    this.#lastRequest = request;
    const report = (progress: Progress) => abort.signal.aborted || this.#show({ kind: 'opening', name, progress });
    this.#show({ kind: 'opening', name, progress: undefined });
    try {
      const opened = await DumpClient.open(() => this.#newPort(request.given), request.given, request.options ?? {}, report, abort.signal);
      await this.#receive({ ...opened, request }, abort.signal);
    } catch (error) {
      if (this.#abort !== abort) return;
      this.#show(error instanceof Cancelled ? before : failureOf(name, error));
    }
  }

  /** Ends the opening under way, or the reading of another root's tables; what was there before stays. */
  cancel(): void {
    if (this.#desk.getState().phase.kind === 'opening') this.#abort?.abort();
    else this.#client?.cancel();
  }

  /** The yes to the hosts of the image that waits for it. @param shown The addresses that the user saw: a link may have put others since. */
  allowHosts(shown: readonly RemoteAddress[], forGood: boolean): void {
    const request = this.#gate.allow(shown, forGood);
    if (request) void this.open(request);
  }

  /** Origins that the user allowed for good. */
  get rememberedHosts(): readonly string[] {
    return this.#gate.remembered;
  }

  /** Takes the yes back; the image in view may no longer be asked for when it is opened again. */
  forgetHost(origin: string): void {
    this.#gate.forget(origin);
  }

  /** Opens what failed once more. */
  retry(): void {
    if (this.#lastRequest) void this.open(this.#lastRequest);
  }

  /** Opens what failed once more, as plain memory. */
  openRaw(): void {
    const request = this.#lastRequest;
    if (request) void this.open({ ...request, options: { ...request.options, formatId: 'raw' } });
  }

  /** The same bytes again with other options: a text's placements as the user edited them. */
  reopen(options: OpenOptions): void {
    const { image, place } = this.#desk.getState();
    const request = image && this.#seen.get(image.fingerprint);
    if (request) void this.open({ ...request, options, place, jump: true });
  }

  /** Goes on with the image that is not the one of the link: at the link's place, or as if there were no link. */
  async takeOther(atPlace: boolean): Promise<void> {
    const other = this.#other;
    if (!other) return;
    this.#other = undefined;
    const { wanted: _, place, ...rest } = other.request;
    const request = atPlace && place ? { ...rest, place } : rest;
    await this.#adopt({ ...other, request }, new AbortController().signal);
  }

  /** Puts away a failure, a link or another file: back to what is in view, else to the first screen. */
  dismiss(): void {
    this.#other?.client.close();
    this.#other = undefined;
    this.#gate.dismiss();
    this.#show(this.#desk.getState().image ? { kind: 'open' } : { kind: 'empty' });
  }

  /** What a link in view waits for: the next thing given is opened at its place, also in place of a server's copy that is not or cannot be read. */
  awaited(): Pick<OpenRequest, 'wanted' | 'place' | 'options'> {
    const { phase } = this.#desk.getState();
    if (phase.kind === 'other-file' && this.#other?.request.place) return { wanted: phase.wanted, place: this.#other.request.place };
    if (phase.kind === 'link') return { wanted: phase.wanted, place: phase.place, options: phase.options };
    const failed = phase.kind === 'failed' && this.#lastRequest?.given.kind === 'remote' ? this.#lastRequest : undefined;
    const { wanted, place, options } = (phase.kind === 'ask-host' ? this.#gate.asked : failed) ?? {};
    return { ...(wanted && { wanted }), ...(place && { place }), ...(options && { options }) };
  }

  /** How an image of this visit was opened, so that it can be opened again without asking. */
  seen(fingerprint: string): OpenRequest | undefined {
    return this.#seen.get(fingerprint);
  }

  /** Ends the reader behind the image in view, as if it had died. For tests of what happens then. */
  stopReader(): void {
    this.#client?.stopReader();
  }

  async #receive(opened: Opened, signal: AbortSignal): Promise<void> {
    const { image, request, client } = opened;
    const stop = image.extents.length === 0 ? image.problems.find((problem) => problem.severity === 'stop') : undefined;
    if (stop) {
      client.close();
      this.#show(failureOfStopped(nameOf(request.given), image, stop, secondAddress(request.given)));
    } else if (request.wanted && request.wanted.fingerprint !== image.fingerprint) {
      this.#other = opened;
      this.#show({ kind: 'other-file', wanted: request.wanted, chosen: image });
    } else {
      await this.#adopt(opened, signal);
    }
  }

  /** Reads the first atlas and only then changes the desk, all at once. */
  async #adopt({ client, image, request }: Opened, signal: AbortSignal): Promise<void> {
    signal.addEventListener('abort', () => this.#client === client || client.close(), { once: true });
    const root = firstRoot(image, request.place?.root);
    const asked = fitPlace({ ...(request.place ?? firstPlace), ...(root ? { root } : {}) });
    const atlas = await this.#firstAtlas(client, asked);
    if (signal.aborted) throw new Cancelled('cancelled');
    const place = request.place || !atlas ? asked : { ...asked, address: firstAddress(atlas) };
    this.#client?.close();
    this.#client = client;
    this.#seen.set(image.fingerprint, request);
    client.onEvent = (event) => tellOfReader(this.#desk, event);
    client.onProgress = (progress) => this.#note(progress);
    client.onTraffic = (traffic) => this.#desk.setState({ traffic });
    client.deliver = queueTurn;
    this.#desk.setState((desk) => ({
      ...{
        image,
        atlas,
        place,
        questions: client.questions,
        phase: { kind: 'open' },
        atlasProgress: undefined,
        rootSearch: undefined,
        naming: undefined,
        hover: undefined,
      },
      ...{ options: request.options ?? {}, sample: request.sample, packedText: request.packedText },
      ...{ remoteUrls: urlsOf(request.given), traffic: client.traffic },
      jumps: desk.jumps + (desk.image && request.jump !== false ? 1 : 0),
    }));
    const second = image.format.id === 'raw' ? secondAddress(request.given) : undefined;
    if (second) this.#desk.getState().tell('This file was opened alone', second);
    this.#opened(image, request);
  }

  /** Without an atlas the image is still shown: its roots can be chosen, its bytes read. */
  async #firstAtlas(client: DumpClient, place: Place): Promise<AtlasSummary | undefined> {
    if (!place.root) return undefined;
    try {
      return await client.questions.atlas(place.root, place.layoutId);
    } catch (error) {
      if (error instanceof Cancelled) throw error;
      this.#desk.getState().tell('The tables of that root could not be read', String(error));
      return undefined;
    }
  }

  /** Only a search and the naming after it say what was found; everything else long is the reading of an atlas. */
  #note(progress: Progress): void {
    if (progress.found !== undefined) {
      noteSearch(this.#desk, progress);
      noteNaming(this.#desk, progress);
    } else if (this.#desk.getState().atlasProgress) this.#desk.setState({ atlasProgress: progress });
  }

  #show(phase: Phase): void {
    this.#desk.setState({ phase });
  }

  /** What is shown again when an opening is cancelled. */
  #restingPhase(): Phase {
    const { phase, image } = this.#desk.getState();
    if (phase.kind === 'link') return phase;
    return image ? { kind: 'open' } : { kind: 'empty' };
  }
}
