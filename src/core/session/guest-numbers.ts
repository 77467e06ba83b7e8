import type { Task } from '#core/base/task.ts';
import type { SlipFact } from '#core/explain/explain-input.ts';
import type { OpenedDump } from '#core/formats/format.ts';
import { withBootSpans } from './boot-spans.ts';
import type { BytePage, FramePassport, FrameWord, GuestNumber, TableView, Translation, XenFacts } from './contract.ts';
import { ExpectedFrames } from './expected-frames.ts';
import { M2pTable } from './m2p-table.ts';
import { PfnSlipTable } from './pfn-slips.ts';
import type { RootAtlas } from './root-atlas.ts';
import { savedFacts, savedStartInfo } from './saved-xen.ts';
import { xenFacts } from './xen-facts.ts';
import { withXenWords } from './xen-pages.ts';
import { findXenStart, guestFrameOf, noGuestFrame, openXenTables, type XenStart, type XenTables } from './xen-tables.ts';
import { m2pFact, p2mFact, type WordQuestion } from './xen-words.ts';

/** The second number of every frame, where a Xen is beneath: answers without it go in, answers with it come out. */
export class GuestNumbers {
  readonly #dump: OpenedDump;
  readonly #task: Task;
  readonly #named = new WeakMap<RootAtlas, Promise<RootAtlas>>();
  readonly #starts = new WeakMap<RootAtlas, XenStart | undefined>();
  readonly #slips = new WeakMap<XenTables, Promise<PfnSlipTable | undefined>>();
  readonly #m2ps = new WeakMap<XenTables, M2pTable>();
  readonly #expected = new WeakMap<RootAtlas, ExpectedFrames>();
  readonly #tables = new WeakMap<RootAtlas, Promise<XenTables | undefined>>();

  constructor(dump: OpenedDump, task: Task) {
    this.#dump = dump;
    this.#task = task;
  }

  /** The same atlas with what a guest's builder laid out as regions, where start_info tells. */
  named(atlas: RootAtlas): Promise<RootAtlas> {
    const known = this.#named.get(atlas) ?? this.#name(atlas);
    this.#named.set(atlas, known);
    known.catch(() => this.#named.delete(atlas));
    return known;
  }

  /** The same table with the guest's number of each frame that its entries name. */
  async inTable(atlas: RootAtlas, view: TableView | undefined): Promise<TableView | undefined> {
    const tables = await this.#of(atlas);
    if (!view || !tables) return view;
    const number = this.#numberer(atlas, tables);
    return { ...view, ...number(view.frame), rows: view.rows.map((row) => ({ ...row, ...number(row.frame) })) };
  }

  /** The same walk with the guest's number of each table and of the frame at its end. */
  async inWalk(atlas: RootAtlas, walk: Translation): Promise<Translation> {
    const tables = await this.#of(atlas);
    if (!tables) return walk;
    const { outcome } = walk;
    const number = this.#numberer(atlas, tables);
    return {
      ...walk,
      steps: walk.steps.map((step) => ({ ...step, tableNumber: number(step.tableFrame) })),
      outcome: outcome.kind === 'mapped' ? { ...outcome, ...number(outcome.frame) } : outcome,
    };
  }

  /** The same passport with the frame's words in both tables. */
  async inPassport(atlas: RootAtlas, passport: FramePassport): Promise<FramePassport> {
    const question = await this.#question(atlas);
    if (!question) return passport;
    const numbered = { ...passport, ...this.#numberer(atlas, question.tables)(passport.frame) };
    const m2p = await m2pFact(question, passport.frame);
    return { ...numbered, ...(numbered.guestFrame !== undefined && { p2m: p2mFact(question, numbered.guestFrame) }), m2p };
  }

  /** The whole M2P; undefined where the root maps none. */
  async m2pTable(atlas: RootAtlas): Promise<M2pTable | undefined> {
    const tables = await this.#of(atlas);
    return tables && this.#m2pOf(tables);
  }

  /** Entries that hold a PFN where an MFN is due; undefined where no P2M was found. */
  async pfnSlips(atlas: RootAtlas): Promise<PfnSlipTable | undefined> {
    const tables = await this.#of(atlas);
    return tables && this.#slipsOf(atlas, tables);
  }

  /** The entry of a walk that holds a PFN where an MFN is due; undefined where none does. */
  async slipOn(atlas: RootAtlas, walk: Translation): Promise<SlipFact | undefined> {
    return (await this.pfnSlips(atlas))?.on(walk);
  }

  /** The same pages with what Xen's structures say of their bytes. */
  async inPages(atlas: RootAtlas, pages: readonly BytePage[]): Promise<readonly BytePage[]> {
    const tables = (await this.#of(atlas)) ?? { p2ms: [], ...this.#starts.get(atlas) };
    const m2p = await this.m2pTable(atlas);
    return pages.map((page) => withXenWords(page, tables, m2p));
  }

  /** M2P[mfn]; undefined where nothing here is Xen's. */
  async m2pWord(atlas: RootAtlas, mfn: number): Promise<FrameWord | undefined> {
    const question = await this.#question(atlas);
    return question && m2pFact(question, mfn);
  }

  /** P2M[pfn]; undefined where nothing here is Xen's. */
  async p2mWord(atlas: RootAtlas, pfn: number): Promise<FrameWord | undefined> {
    const question = await this.#question(atlas);
    return question && p2mFact(question, pfn);
  }

  /** All that was found of Xen; undefined where nothing is. Long: looks through the guest's pages. */
  async facts(atlas: RootAtlas): Promise<XenFacts | undefined> {
    if (this.#dump.savedXen) return savedFacts(this.#dump, atlas, this.#starts.get(atlas)?.startInfo, this.#task);
    const tables = await this.#of(atlas);
    const made = { m2p: (of: XenTables) => this.#m2pOf(of), slips: (of: XenTables) => this.#slipsOf(atlas, of) };
    return tables && xenFacts(this.#dump.image, atlas, tables, made, this.#task);
  }

  /** What a kernel's first mapping and Xen's own tables tell of frames without a word in any table. */
  expected(atlas: RootAtlas): ExpectedFrames {
    const known = this.#expected.get(atlas) ?? new ExpectedFrames(atlas);
    this.#expected.set(atlas, known);
    return known;
  }

  #m2pOf(tables: XenTables): M2pTable | undefined {
    const known = this.#m2ps.get(tables) ?? M2pTable.of(tables);
    if (known) this.#m2ps.set(tables, known);
    return known;
  }

  #slipsOf(atlas: RootAtlas, tables: XenTables): Promise<PfnSlipTable | undefined> {
    const known = this.#slips.get(tables) ?? PfnSlipTable.of(this.#dump.image, atlas, tables);
    this.#slips.set(tables, known);
    known.catch(() => this.#slips.delete(tables));
    return known;
  }

  #numberer(atlas: RootAtlas, tables: XenTables): (frame: number | undefined) => GuestNumber {
    const expected = this.expected(atlas);
    return (frame) => (frame === undefined ? {} : numberOf(tables, expected, frame));
  }

  async #question(atlas: RootAtlas): Promise<WordQuestion | undefined> {
    const tables = await this.#of(atlas);
    return tables && { image: this.#dump.image, root: atlas.root, tables };
  }

  async #name(atlas: RootAtlas): Promise<RootAtlas> {
    const start = await this.#startOf(atlas);
    const named = start?.startInfo ? withBootSpans(atlas, start.startInfo) : atlas;
    this.#starts.set(named, start);
    return named;
  }

  async #startOf(atlas: RootAtlas): Promise<XenStart | undefined> {
    if (!this.#dump.savedXen) return findXenStart(this.#dump, atlas);
    const startInfo = await savedStartInfo(this.#dump);
    return startInfo && { startInfo };
  }

  /** Read when first asked, and dropped with its atlas; read anew where that failed or was cancelled. */
  #of(atlas: RootAtlas): Promise<XenTables | undefined> {
    const known = this.#tables.get(atlas) ?? this.#open(atlas);
    this.#tables.set(atlas, known);
    known.catch(() => this.#tables.delete(atlas));
    return known;
  }

  /** An atlas that `named` gave has its start already. */
  async #open(atlas: RootAtlas): Promise<XenTables | undefined> {
    // The numbers of a saved guest are its own already.
    if (this.#dump.savedXen) return undefined;
    const start = this.#starts.has(atlas) ? this.#starts.get(atlas) : await findXenStart(this.#dump, atlas);
    return start && openXenTables(this.#dump, atlas.root, start, this.#task);
  }
}

/** The tables' word first; what the builder must have done only where they have none. */
function numberOf(tables: XenTables, expected: ExpectedFrames, frame: number): GuestNumber {
  const guestFrame = guestFrameOf(tables, frame);
  if (guestFrame !== undefined) return { guestFrame };
  const none = noGuestFrame(tables, frame) ?? expected.whyXens(frame);
  if (none !== undefined) return { noGuestFrame: none };
  const expectedGuestFrame = tables.pfns ? undefined : expected.of(frame);
  return expectedGuestFrame === undefined ? {} : { expectedGuestFrame };
}
