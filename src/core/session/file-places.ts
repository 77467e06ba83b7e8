import type { Opened } from '#core/formats/index.ts';
import type { ByteSource } from '#core/memory/byte-source.ts';
import { filePlace } from '#core/memory/file-place.ts';
import type { FramePassport, Placed, Translation, XenFacts } from './contract.ts';

/** True where offsets in the space `file` count what the file unpacks to, and not the file itself. */
export const isUnpacked = ({ dump, format }: Opened): boolean => dump.bytes !== undefined || format.wrappers.length > 0;

/** What the space `file` counts. */
export interface FileSpace {
  readonly source: ByteSource;
  /** That is what the file unpacks to, and not the file itself. */
  readonly isUnpacked: boolean;
}

/** Says of what has a place in an unpacked file where that is in the file as it was given: answers without it go in, answers with it come out. */
export class FilePlaces {
  readonly space: FileSpace;
  readonly #opened: Opened;

  constructor(opened: Opened) {
    this.#opened = opened;
    this.space = { source: opened.source, isUnpacked: isUnpacked(opened) };
  }

  async of<T extends Placed | undefined>(thing: T): Promise<T> {
    const { source, file, dump } = this.#opened;
    // Of a text, lines tell.
    if (!this.space.isUnpacked || thing?.fileOffset === undefined || dump.text) return thing;
    const { fileOffset, packed, file: name } = await filePlace(source, thing.fileOffset);
    const place = { packed, ...(fileOffset !== undefined && { fileOffset }), ...(file.companion && { file: name }) };
    return { ...thing, filePlace: place };
  }

  async ofWalk(walk: Translation): Promise<Translation> {
    const { outcome } = walk;
    const steps = await Promise.all(walk.steps.map((step) => this.of(step)));
    return { ...walk, steps, outcome: outcome.kind === 'mapped' ? await this.of(outcome) : outcome };
  }

  async ofPassport(passport: FramePassport): Promise<FramePassport> {
    const [placed, p2m, m2p] = [await this.of(passport), await this.of(passport.p2m), await this.of(passport.m2p)];
    return { ...placed, ...(p2m && { p2m }), ...(m2p && { m2p }) };
  }

  async ofXen(facts: XenFacts | undefined): Promise<XenFacts | undefined> {
    if (!facts) return undefined;
    const [startInfo, sharedInfo] = [await this.of(facts.startInfo), await this.of(facts.sharedInfo)];
    const hypercallPage = await this.of(facts.hypercallPage);
    return { ...facts, ...(startInfo && { startInfo }), ...(sharedInfo && { sharedInfo }), ...(hypercallPage && { hypercallPage }) };
  }
}
