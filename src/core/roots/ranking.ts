import { FRAME_BYTES } from '#core/memory/address.ts';
import type { PagingModeId, Root } from '#core/paging/mode.ts';
import type { Survey } from './count-tables.ts';
import { type FrameClasses, TABLE_64 } from './frame-classes.ts';
import { type FoundRoot, judge, type Pair } from './judge.ts';
import type { Surroundings } from './surroundings.ts';

/** Roots reported at most, best first. */
const MOST_FOUND = 1000;

/** A candidate whose tables hold together. */
export interface Believed {
  readonly root: Root;
  readonly survey: Survey;
}

/** What is known of the whole image when candidates are judged. */
export interface Scene {
  readonly classes: FrameClasses;
  readonly surroundings: Surroundings;
  /** All has been swept and looked at. Until then a piece of a larger table may look like a root, because what names the table is not known yet. */
  readonly isWhole: boolean;
}

/** Best first; each place in the one reading that explains most, and four entries of a verified root of 512 are no root of their own. */
export function rank(all: readonly Believed[], scene: Scene): readonly FoundRoot[] {
  const believed = withoutFalseFives(all);
  const judged = judgeAll(believed, scene);
  const taken = new Set(judged.filter(({ verified, mode }) => verified && isWide(mode)).map(({ address }) => address / FRAME_BYTES));
  const below = belowFive(believed, judged);
  const own = judged.filter(({ mode, address }) => {
    const frame = Math.floor(address / FRAME_BYTES);
    return isWide(mode) ? !(mode === '4-level' && below.has(frame)) : !taken.has(frame);
  });
  return oneReadingEach(own).sort(better).slice(0, MOST_FOUND);
}

function judgeAll(believed: readonly Believed[], { classes, surroundings, isWhole }: Scene): FoundRoot[] {
  const sharing = sharers(believed);
  const inner = new Set(believed.filter(({ root }) => isWide(root.mode)).flatMap(({ survey }) => [...survey.upperTables]));
  const byPlace = new Map(believed.map((one) => [placeKey(one.root), one]));
  return believed.flatMap(({ root, survey }) => {
    const frame = Math.floor(root.address / FRAME_BYTES);
    const isTable = root.mode === 'pae' && (classes.at(frame) & TABLE_64) !== 0;
    if (isTable && !isWhole) return [];
    const pair = pairOf(root, survey, byPlace);
    const company = {
      sharing: (sharing.get(sharedKey(root, survey)) ?? 1) - 1,
      around: isTable ? surroundings.around(root.address) : 0,
      inner: isTable && inner.has(frame),
      ...(pair && { pair }),
    };
    return judge(root, survey, company) ?? [];
  });
}

/** By so many agreeing roots of four levels more: a 5-level Linux on EFI has two tables of the kernel's that agree so. */
const SEVERAL = 3;

/**
 * A page with an entry that names a root of four levels, say what is left of a page table, reads as a root of five with all that is below.
 * It is none where several more roots of four agree with the one it names than roots of five agree with it.
 */
function withoutFalseFives(believed: readonly Believed[]): readonly Believed[] {
  const sharing = sharers(believed);
  const agreeing = ({ root, survey }: Believed): number => sharing.get(sharedKey(root, survey)) ?? 1;
  const four = new Map(believed.filter(({ root }) => root.mode === '4-level').map((one) => [one.root.address / FRAME_BYTES, agreeing(one)]));
  const isFalse = (one: Believed): boolean => [...one.survey.upperTables].some((frame) => (four.get(frame) ?? 0) >= agreeing(one) + SEVERAL);
  return believed.filter((one) => one.root.mode !== '5-level' || !isFalse(one));
}

/** Tables of verified roots of five levels: each PML4 would do as a root of four. */
function belowFive(believed: readonly Believed[], judged: readonly FoundRoot[]): ReadonlySet<number> {
  const five = new Set(judged.filter(({ verified, mode }) => verified && mode === '5-level').map(({ address }) => address));
  const tables = believed.filter(({ root }) => root.mode === '5-level' && five.has(root.address));
  return new Set(tables.flatMap(({ survey }) => [...survey.upperTables]));
}

const placeKey = ({ mode, address }: Root): string => `${mode} ${address}`;

/** The root in the frame beside, if both name the same tables in their lower half. */
function pairOf(root: Root, { lowerTables }: Survey, byPlace: ReadonlyMap<string, Believed>): Pair | undefined {
  const isOdd = Math.floor(root.address / FRAME_BYTES) % 2 === 1;
  const address = root.address + (isOdd ? -FRAME_BYTES : FRAME_BYTES);
  const other = byPlace.get(placeKey({ ...root, address }))?.survey;
  if (!other || lowerTables.size === 0 || other.lowerTables.size !== lowerTables.size) return undefined;
  return [...lowerTables].every((frame) => other.lowerTables.has(frame)) ? { address, shared: lowerTables.size } : undefined;
}

/** A root of five levels may be read as one of four as well, for what its last levels hold: the better reading stays. */
function oneReadingEach(roots: readonly FoundRoot[]): FoundRoot[] {
  const best = new Map<number, FoundRoot>();
  for (const root of roots.filter(({ mode }) => isWide(mode))) {
    const known = best.get(root.address);
    if (!known || root.score > known.score || (root.score === known.score && root.tables > known.tables)) best.set(root.address, root);
  }
  return roots.filter((root) => !isWide(root.mode) || best.get(root.address) === root);
}

const isWide = (mode: PagingModeId): boolean => mode === '4-level' || mode === '5-level';

const sharedKey = (root: Root, { topTable, topSlot }: Survey): string => `${root.mode} ${topSlot} ${topTable ?? `none ${root.address}`}`;

function sharers(believed: readonly Believed[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { root, survey } of believed) counts.set(sharedKey(root, survey), (counts.get(sharedKey(root, survey)) ?? 0) + 1);
  return counts;
}

const better = (a: FoundRoot, b: FoundRoot): number =>
  Number(b.verified) - Number(a.verified) ||
  Number(b.userLeaves > 0) - Number(a.userLeaves > 0) ||
  b.tables - a.tables ||
  b.score - a.score ||
  a.address - b.address;
