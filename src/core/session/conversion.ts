import { eachRun } from '#core/atlas/each-run.ts';
import { isMapped } from '#core/atlas/run-attrs.ts';
import { bytesText, commas, hex } from '#core/base/hex.ts';
import type { MadeFacts } from '#core/formats/elf/made-note.ts';
import { FRAME_BYTES } from '#core/memory/address.ts';
import type { Absence } from '#core/memory/memory-image.ts';
import { pagingMode } from '#core/paging/modes.ts';
import { elfFile } from '#core/write/elf-file.ts';
import type { PlannedFile } from '#core/write/planned-file.ts';
import { rawFile } from '#core/write/raw-file.ts';
import { type ByteSpan, bytesIn, type Contents, contentsWithin, frameSpan, wholeContents } from '#core/write/spans.ts';
import { TOOL } from '#core/write/tool.ts';
import type { RootChoice } from './contract.ts';
import type { OpenedRoot } from './opened-root.ts';
import type { Session } from './session.ts';

export type ConversionTarget = 'elf' | 'raw' | 'capsule';

export interface CapsuleWish {
  /** Whose page tables: all that lead to them and they lead to. */
  readonly roots: readonly RootChoice[];
  /** More frames, by number. */
  readonly frames?: readonly { readonly first: number; readonly count: number }[];
  /** Frames behind virtual pages of each root. */
  readonly pages?: readonly { readonly first: number; readonly count: number }[];
  /** The M2P that the first root maps, so far as it is held. */
  readonly m2p?: boolean;
  /** The dump's list of guest frames. */
  readonly p2m?: boolean;
}

/** All memory of a dump as an ELF core that also names its roots. */
export async function wholeElf(session: Session): Promise<PlannedFile> {
  const { image, frameNumbers, notes = [] } = session.opened.dump;
  const { roots } = await session.summary();
  const contents = wholeContents(image);
  const facts = await factsOf(session, 'elf', roots, contents, { contents: [], rest: '' });
  return elfFile(image, { facts, contents, notes, ...(frameNumbers && { p2m: frameNumbers }) });
}

export const wholeRaw = (session: Session): PlannedFile => rawFile(session.opened.dump.image);

/** The page tables of some roots and what else was wished for: a small ELF core. Reads each root's tables. @throws Cancelled */
export async function capsule(session: Session, wish: CapsuleWish): Promise<PlannedFile> {
  const { image, frameNumbers } = session.opened.dump;
  const { tables, more, cuts } = await gather(session, wish);
  const contents = contentsWithin(image, [...tables, ...more]);
  const p2m = wish.p2m ? frameNumbers : undefined;
  const facts = await factsOf(session, 'capsule', wish.roots, contents, {
    contents: [...sentences(wish.roots, contentsWithin(image, tables), contentsWithin(image, more), p2m !== undefined), ...cuts],
    rest: `left out by the capsule, which holds ${p2m ? 'a P2M and ' : ''}only page tables${more.length > 0 ? ' and chosen frames' : ''}`,
  });
  return elfFile(image, { facts, contents, ...(p2m && { p2m }) });
}

interface Gathered {
  readonly tables: readonly ByteSpan[];
  readonly more: readonly ByteSpan[];
  /** Tables that were too many to read. */
  readonly cuts: readonly string[];
}

async function gather(session: Session, wish: CapsuleWish): Promise<Gathered> {
  const tables: ByteSpan[] = [];
  const more = (wish.frames ?? []).map(({ first, count }) => frameSpan(first, count));
  const cuts: string[] = [];
  for (const root of wish.roots) {
    const opened = await session.openRoot(root);
    for (const span of tableSpans(opened)) tables.push(span);
    for (const window of await pagesOf(session, wish, root)) addBehind(opened, window, more);
    cuts.push(...opened.forest.problems.map(({ text }) => text));
  }
  return { tables, more, cuts };
}

/** Every table that the root's walk meets. A PAE root's 32 bytes come with their frame. */
function tableSpans({ forest: { store } }: OpenedRoot): ByteSpan[] {
  return Array.from({ length: store.count }, (_, table) => frameSpan(store.frame(table), 1));
}

async function pagesOf(session: Session, wish: CapsuleWish, root: RootChoice): Promise<NonNullable<CapsuleWish['pages']>> {
  const m2p = wish.m2p && root === wish.roots[0] ? await session.m2p(root) : undefined;
  const words = (m2p?.words ?? 0) + (m2p?.beyond ?? 0);
  const window = m2p ? [{ first: m2p.firstPage, count: Math.ceil((words * m2p.bytesPerWord) / FRAME_BYTES) }] : [];
  return [...(wish.pages ?? []), ...window];
}

/** Stretches behind all windows at most: shared tables may make a window of any number of them. */
const MOST_STRETCHES = 1_000_000;

function addBehind({ atlas }: OpenedRoot, { first, count }: NonNullable<CapsuleWish['pages']>[number], into: ByteSpan[]): void {
  eachRun(atlas, first, count, (_page, pages, frame, attrs) => {
    if (isMapped(attrs)) into.push(frameSpan(frame, pages));
    return into.length < MOST_STRETCHES;
  });
}

function sentences(roots: readonly RootChoice[], tables: Contents, more: Contents, hasP2m: boolean): string[] {
  const named = roots.map(({ address, mode }) => `${hex(address)} (${pagingMode(mode).label})`).join(', ');
  const lost = bytesIn(tables.absences) / FRAME_BYTES;
  const chosen = bytesIn(more.spans);
  return [
    `It holds the page tables of ${roots.length === 1 ? 'root' : 'roots'} ${named}: ${commas(Math.ceil(bytesIn(tables.spans) / FRAME_BYTES))} frames.`,
    ...(lost > 0 ? [`${commas(Math.ceil(lost))} frames of tables were not in the dump itself.`] : []),
    ...(chosen > 0 ? [`It holds ${bytesText(chosen)} of chosen frames.`] : []),
    ...(hasP2m ? ['It holds the guest’s P2M.'] : []),
    'Everything else was left out.',
  ];
}

/** Absences told one by one. */
const MOST_ABSENCES = 100_000;

async function factsOf(
  session: Session,
  kind: MadeFacts['kind'],
  roots: readonly RootChoice[],
  { absences }: Contents,
  said: Pick<MadeFacts, 'contents' | 'rest'>,
): Promise<MadeFacts> {
  const { name, fileSize, fingerprint, format, frameWord } = await session.summary();
  const reasons = [...new Set(absences.slice(0, MOST_ABSENCES).map(({ reason }) => reason))];
  const index = new Map(reasons.map((reason, at) => [reason, at]));
  return {
    tool: TOOL,
    kind,
    source: { name: name.replace(/^.*[/\\]/, ''), bytes: fileSize, fingerprint, format: format.label },
    frameWord,
    ...said,
    roots: roots.map(({ address, mode, origin, reason, features, cpu }) => ({ address, mode, origin, reason, features, ...(cpu && { cpu }) })),
    absences: absences.slice(0, MOST_ABSENCES).map(({ start, end, reason }: Absence) => [start, end - start, index.get(reason) ?? 0] as const),
    reasons,
  };
}
