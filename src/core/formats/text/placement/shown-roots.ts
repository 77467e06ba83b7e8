import { hex } from '#core/base/hex.ts';
import { FRAME_BYTES } from '#core/memory/address.ts';
import { entryShape, frameNamed, isLeaf, isPresent } from '#core/paging/entry.ts';
import type { PagingMode } from '#core/paging/mode.ts';
import { levelOf, usualFeatures } from '#core/paging/modes.ts';
import { isPdpte } from './root-page.ts';
import type { PlacementState, TextRoot } from './rule.ts';
import { commonSlot } from './self-mapped-page.ts';
import type { TextMemory, TextWord } from './text-memory.ts';

/** Frames looked at for a root that the text does not name. */
const MOST_FRAMES = 4096;

/**
 * Roots of a text that names none: a table that maps itself at the top level, or the one frame in the text that names others there and that none
 * of them names. Nothing if more than one would do.
 */
export function shownRoots(state: PlacementState): readonly TextRoot[] {
  const self = selfMappedRoot(state);
  if (self !== undefined) return [self];
  const { memory, mode } = state;
  const candidates = memory
    .frames()
    .slice(0, MOST_FRAMES)
    .flatMap((frame) => candidate(memory, mode, frame));
  const tops = candidates.filter(({ frame }) => !candidates.some((other) => other.frame !== frame && other.below.has(frame)));
  const only = tops.length === 1 ? tops[0] : undefined;
  return only === undefined ? [] : [guessedRoot(mode, only)];
}

interface Candidate {
  readonly frame: number;
  /** Of its first entry, in the frame. */
  readonly offset: number;
  /** Frames its entries name that the text has, too. */
  readonly below: ReadonlySet<number>;
  readonly line: number;
}

function candidate(memory: TextMemory, mode: PagingMode, frame: number): Candidate[] {
  const offset = mode.rootEntries === 4 ? pdptOffset(memory, frame) : 0;
  if (offset === undefined) return [];
  const shape = entryShape(mode, levelOf(mode, 0), usualFeatures);
  const below = new Set<number>();
  let line = 0;
  for (let slot = 0; slot < mode.rootEntries; slot++) {
    const word = memory.wordAt(frame * FRAME_BYTES + offset + slot * mode.entryBytes, mode.entryBytes);
    if (word === undefined || !isPresent(word.low) || isLeaf(shape, word.low)) continue;
    const named = frameNamed(shape, word.low, word.high);
    if (named === frame || !memory.hasFrame(named)) continue;
    line ||= word.line;
    below.add(named);
  }
  return below.size === 0 ? [] : [{ frame, offset, below, line }];
}

/** First 32-byte place of a frame that holds four PDPTEs, at least one of them present. */
function pdptOffset(memory: TextMemory, frame: number): number | undefined {
  for (let offset = 0; offset < FRAME_BYTES; offset += 32) {
    const words = [0, 8, 16, 24].map((at) => memory.wordAt(frame * FRAME_BYTES + offset + at, 8));
    if (words.every(isPdpteOrZero) && words.some((word) => word !== undefined && isPdpte(word))) return offset;
  }
  return undefined;
}

const isPdpteOrZero = (word: TextWord | undefined): boolean => word !== undefined && ((word.low === 0 && word.high === 0) || isPdpte(word));

function guessedRoot(mode: PagingMode, { frame, offset, below, line }: Candidate): TextRoot {
  const tables = below.size === 1 ? 'another frame' : `${below.size} other frames`;
  return {
    address: frame * FRAME_BYTES + offset,
    mode,
    features: usualFeatures,
    origin: 'guessed from the text',
    reason: `The text names no root. Frame ${hex(frame)} (line ${line}) names ${tables} of the text at the top level, and none of them names it.`,
    line,
  };
}

/** A self-mapped table whose address lies in the self-map at every level, the root's included, is the root. A PAE root is no such table. */
function selfMappedRoot({ memory, mode }: PlacementState): TextRoot | undefined {
  if (mode.rootEntries === 4) return undefined;
  for (const page of memory.pages) {
    const frame = memory.frameOf(page);
    const slot = commonSlot(mode, page);
    if (frame === undefined || slot === undefined) continue;
    const line = memory.linesOfPage(page)[0] ?? 0;
    const reason = `The text names no root. The table in frame ${hex(frame)} (line ${line}) maps itself at slot ${slot}, as a root does.`;
    return { address: frame * FRAME_BYTES, mode, features: usualFeatures, origin: 'maps itself', reason, line };
  }
  return undefined;
}
