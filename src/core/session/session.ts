import { nextMappedPage } from '#core/atlas/each-run.ts';
import type { Task } from '#core/base/task.ts';
import { explain } from '#core/explain/explain.ts';
import { type Opened, openDump } from '#core/formats/index.ts';
import type { VirtualAddress } from '#core/memory/address.ts';
import type { ByteSource } from '#core/memory/byte-source.ts';
import { fingerprint as fingerprintOf } from '#core/memory/fingerprint.ts';
import type { PagingModeId, Root } from '#core/paging/mode.ts';
import { bytePages } from './byte-pages.ts';
import type {
  AtlasSummary,
  BytePage,
  Coverage,
  CoverageWindow,
  Explanation,
  FramePassport,
  FrameWord,
  HexSpace,
  ImageSummary,
  M2pCells,
  M2pKind,
  M2pRunRow,
  M2pSummary,
  MadeFile,
  OpenOptions,
  PfnSlips,
  Questions,
  Readings,
  RootChoice,
  TablePath,
  TableView,
  Translation,
  XenFacts,
} from './contract.ts';
import { explainInput, withBytes } from './explain-facts.ts';
import { FilePlaces } from './file-places.ts';
import { GuestNumbers } from './guest-numbers.ts';
import { imageSummary } from './image-summary.ts';
import { OpenRoots } from './open-roots.ts';
import type { OpenedRoot } from './opened-root.ts';
import { passport } from './passport.ts';
import { readingsOf } from './readings.ts';
import { regionAt } from './region-at.ts';
import { coverageOf, type RootAtlas } from './root-atlas.ts';
import { choiceOfHint, considerRoot } from './root-choice.ts';
import { RootSearch } from './root-search.ts';
import { type SweepersFor, sweepersOf } from './sweepers-for.ts';
import { tableView } from './table-view.ts';
import { TextPlaces } from './text-places.ts';
import { translation } from './translation.ts';
import { frameWordOf, withXenReading } from './xen-reading.ts';

/** Opens a dump and answers every question about it. Whatever the bytes hold it answers, with problems. @throws Cancelled, or what reading throws. */
export async function openSession(source: ByteSource, task: Task, options: OpenOptions = {}, sweepersFor?: SweepersFor): Promise<Session> {
  const opened = await openDump(source, task, options);
  const fingerprint = await fingerprintOf(opened.file);
  const hints = opened.dump.roots.map((hint) => choiceOfHint(opened.dump.image, hint));
  const roots = opened.dump.text ? hints : await withXenReading(opened.dump, hints);
  const frameWord = await frameWordOf(opened.dump, roots);
  const summary = { ...imageSummary(opened, fingerprint, roots), frameWord };
  const search = new RootSearch(opened.dump.image, roots, task, sweepersOf(opened, summary, options, sweepersFor));
  return new Session(opened, summary, search, task);
}

export class Session implements Questions {
  /** The dump itself, for what is made of it whole: lists and files. */
  readonly opened: Opened;
  readonly #summary: ImageSummary;
  readonly #numbers: GuestNumbers;
  readonly #places: FilePlaces;
  readonly #roots: OpenRoots;
  readonly #text: TextPlaces;
  readonly #search: RootSearch;
  readonly #task: Task;

  constructor(opened: Opened, summary: ImageSummary, search: RootSearch, task: Task) {
    this.opened = opened;
    this.#task = task;
    this.#summary = summary;
    this.#numbers = new GuestNumbers(opened.dump, task);
    this.#places = new FilePlaces(opened);
    this.#text = new TextPlaces(opened.dump);
    this.#search = search;
    this.#roots = new OpenRoots(opened.dump, this.#text.pageOf, this.#search, task);
  }

  async summary(): Promise<ImageSummary> {
    return this.#summary;
  }

  async atlas(root: Root, layoutId?: string): Promise<AtlasSummary> {
    this.#roots.nameBy(root, layoutId);
    return (await this.#atlas(root)).summary;
  }

  async coverage(root: Root, windows: readonly CoverageWindow[]): Promise<readonly Coverage[]> {
    const opened = await this.#roots.open(root);
    return windows.map((window) => coverageOf(opened, window));
  }

  async table(root: Root, path: TablePath, selectedSlot?: number, unfolded = false): Promise<TableView | undefined> {
    const atlas = await this.#atlas(root);
    return this.#numbers.inTable(atlas, tableView(this.#tableQuestion(atlas), path, selectedSlot, unfolded));
  }

  async translate(root: Root, address: VirtualAddress): Promise<Translation> {
    const atlas = await this.#atlas(root);
    return this.#places.ofWalk(await this.#numbers.inWalk(atlas, this.#translation(atlas, address)));
  }

  async explain(root: Root, address: VirtualAddress, accessBytes = 1): Promise<Explanation> {
    const atlas = await this.#atlas(root);
    const input = explainInput({
      atlas,
      image: this.#summary,
      translate: (other) => this.#translation(atlas, other),
      passport: (frame) => passport(this.#image, atlas.root, atlas.regions, frame),
      noteOf: (frame) => this.#text.noteOf(frame),
      expectedGuestFrame: (page) => this.#numbers.expected(atlas).atPage(page),
      annotations: this.opened.dump.text?.annotations ?? [],
      address,
    });
    const slip = await this.#numbers.slipOn(atlas, input.translation);
    return explain(
      await withBytes({ ...input, accessBytes, ...(slip && { slip }) }, async (page) => (await this.readPages(root, 'virtual', page, 1))[0]),
    );
  }

  async passport(root: Root, frame: number): Promise<FramePassport> {
    const atlas = await this.#atlas(root);
    return this.#places.ofPassport(await this.#numbers.inPassport(atlas, passport(this.#image, atlas.root, atlas.regions, frame)));
  }

  async m2p(root: Root): Promise<M2pSummary | undefined> {
    const atlas = await this.#atlas(root);
    return (await this.#numbers.m2pTable(atlas))?.summary(atlas.root);
  }

  async m2pCells(root: Root, firstMfn: number, wordsPerCell: number, cells: number): Promise<M2pCells | undefined> {
    return (await this.#numbers.m2pTable(await this.#atlas(root)))?.cells(firstMfn, wordsPerCell, cells);
  }

  async m2pRuns(root: Root, firstRow: number, count: number): Promise<readonly M2pRunRow[]> {
    return (await this.#numbers.m2pTable(await this.#atlas(root)))?.runs(firstRow, count) ?? [];
  }

  async m2pRow(root: Root, mfn: number): Promise<number> {
    return (await this.#numbers.m2pTable(await this.#atlas(root)))?.rowOf(mfn) ?? 0;
  }

  async m2pNext(root: Root, mfn: number, kind: M2pKind): Promise<number | undefined> {
    return (await this.#numbers.m2pTable(await this.#roots.atlas(root)))?.next(mfn, kind);
  }

  async pfnSlips(root: Root, firstRow: number, count: number): Promise<PfnSlips | undefined> {
    return (await this.#numbers.pfnSlips(await this.#roots.atlas(root)))?.slips(firstRow, count);
  }

  /** M2P[mfn] as this root sees it; undefined where nothing here is Xen's. */
  async m2pWord(root: Root, mfn: number): Promise<FrameWord | undefined> {
    return this.#places.of(await this.#numbers.m2pWord(await this.#atlas(root), mfn));
  }

  /** P2M[pfn] of the root's guest; undefined where nothing here is Xen's. */
  async p2mWord(root: Root, pfn: number): Promise<FrameWord | undefined> {
    return this.#places.of(await this.#numbers.p2mWord(await this.#atlas(root), pfn));
  }

  /** What was found of Xen under a root; undefined where nothing is. */
  async xen(root: Root): Promise<XenFacts | undefined> {
    return this.#places.ofXen(await this.#numbers.facts(await this.#atlas(root)));
  }

  async readPages(root: Root | undefined, space: HexSpace, firstPage: number, pageCount: number): Promise<readonly BytePage[]> {
    const unplaced = this.opened.dump.text?.unplaced;
    const question = {
      image: this.#image,
      file: this.#places.space,
      root: root && (await this.#roots.open(root)),
      noteOf: (frame: number) => this.#text.noteOf(frame),
      placedFrame: (page: number) => this.#text.frameOf(page),
      ...(unplaced && { unplaced }),
    };
    const pages = await bytePages(question, space, firstPage, pageCount);
    return root ? this.#numbers.inPages(await this.#atlas(root), pages) : pages;
  }

  async readings(root: Root | undefined, text: string, near: VirtualAddress, nearMachine?: number): Promise<Readings> {
    const atlas = root && (await this.#atlas(root));
    const question = {
      image: this.#image,
      root: atlas?.root,
      regions: atlas?.regions ?? [],
      frameWord: atlas?.summary.layout.isXens && this.#summary.frameWord !== 'PFN' ? ('MFN' as const) : this.#summary.frameWord,
      file: this.#places.space,
      annotations: this.opened.dump.text?.annotations ?? [],
    };
    return readingsOf(question, text, nearMachine === undefined ? near : { machine: nearMachine });
  }

  async nextMapped(root: Root, page: number, direction: 1 | -1): Promise<number | undefined> {
    return nextMappedPage((await this.#roots.open(root)).atlas, page, direction);
  }

  considerRoot(address: number, mode?: PagingModeId): Promise<RootChoice> {
    return considerRoot(this.#image, address, mode);
  }

  findRoots(): Promise<readonly RootChoice[]> {
    return this.#search.find();
  }

  nameRoots(): Promise<readonly RootChoice[]> {
    return this.#search.name();
  }

  async takeRoots(roots: readonly RootChoice[]): Promise<void> {
    this.#search.take(roots);
  }

  async foundRoots(): Promise<readonly RootChoice[]> {
    return this.#search.found;
  }

  async capsule(root: Root, withM2p = false): Promise<MadeFile> {
    const { capsuleBytes } = await import('./capsule-bytes.ts');
    return capsuleBytes(this, root, withM2p, this.#task);
  }

  /** A root with its tables read; kept for the next call. */
  openRoot(root: Root): Promise<OpenedRoot> {
    return this.#roots.open(root);
  }

  async #atlas(root: Root): Promise<RootAtlas> {
    return this.#numbers.named(await this.#roots.atlas(root));
  }

  get #image() {
    return this.opened.dump.image;
  }

  #translation(atlas: RootAtlas, address: VirtualAddress): Translation {
    return translation(this.#image, atlas.root, address, regionAt(atlas.regions, address.page));
  }

  #tableQuestion(atlas: RootAtlas) {
    return { image: this.#image, root: atlas.root, regions: atlas.regions, isText: this.opened.dump.text !== undefined };
  }
}
