import { hex } from '#core/base/hex.ts';
import type { RootHint } from '#core/formats/format.ts';
import { machineAddress } from '#core/memory/address.ts';
import type { MemoryImage } from '#core/memory/memory-image.ts';
import { PS } from '#core/paging/entry.ts';
import type { PagingFeatures, PagingMode, PagingModeId, Root } from '#core/paging/mode.ts';
import { pagingMode, pagingModes, rootInCr3, usualFeatures } from '#core/paging/modes.ts';
import { reachOf } from '#core/roots/classify.ts';
import { wordsOf } from '#core/roots/read-frames.ts';
import { hasWideEntries } from '#core/roots/wide-entries.ts';
import type { RootChoice } from './contract.ts';
import { presenceOf } from './presence-of.ts';

/** How well a root table's entries fit a mode. */
interface Fit {
  readonly mode: PagingMode;
  readonly score: number;
  readonly reason: string;
  /** All present PDPTEs have RW and US: a 64-bit Xen walks them as a real level-3 table (reference 1.4). */
  readonly underXen: boolean;
}

/** Root named by the dump, as a choice. */
export const choiceOfHint = (image: MemoryImage, hint: RootHint): RootChoice => ({
  ...hint,
  held: presenceOf(image, hint.address).presence !== 'absent',
});

/** Checks a root the user gave; guesses the mode where none is given. Nothing is refused: what is odd is said. */
export async function considerRoot(
  image: MemoryImage,
  address: number,
  mode: PagingModeId | undefined,
  features: PagingFeatures = usualFeatures,
): Promise<RootChoice> {
  const fits = await Promise.all(candidates(mode).map((candidate) => fitOf(image, candidate, address)));
  const best = fits.reduce((a, b) => (b.score > a.score ? b : a));
  const id = mode ?? (await guessedMode(image, best, address));
  const aligned = rootInCr3(pagingMode(id), address);
  const dropped = aligned === address ? '' : ` Low bits of ${hex(address)} are not part of the root's address.`;
  return {
    address: aligned,
    mode: id,
    origin: 'typed',
    reason: `${whyOther(best, id)}${best.reason}${dropped}`,
    features,
    held: presenceOf(image, aligned).presence !== 'absent',
  };
}

/** Why the mode is not the one that its entries alone speak for. */
function whyOther(best: Fit, id: PagingModeId): string {
  if (id === best.mode.id) return '';
  if (id === '5-level') return 'Three tables below are PDEs that map 2 MB, so 5 levels. ';
  return 'Its PDPTEs have RW and US, as a 64-bit Xen sets and reads them. ';
}

async function guessedMode(image: MemoryImage, best: Fit, typed: number): Promise<PagingModeId> {
  if (best.mode.id === 'pae' && best.underXen) return 'pae-under-xen64';
  return best.mode.id === '4-level' && (await mapsLargeAsPt(image, rootInCr3(best.mode, typed))) ? '5-level' : best.mode.id;
}

/** Tables looked at on each level below a root. */
const SAMPLE = 64;

/**
 * A PML5 looks like a PML4. What lies three tables below tells them apart: PTEs in a tree of 4 levels; PDEs in one of 5, and many of a
 * kernel's map 2 MB: PS set, and no address bit below (SDM 3A table 4-18). In a PTE that would be a page with PAT at a rare place.
 */
async function mapsLargeAsPt(image: MemoryImage, root: number): Promise<boolean> {
  const mode = pagingMode('4-level');
  let starts = [root];
  for (let level = 0; level < 3; level++) {
    const tables = await Promise.all(starts.map((start) => presentEntries(image, mode, start)));
    const named = tables.flat().filter(({ low }) => (low & PS) === 0);
    starts = spread(named.map(({ low, high }) => ((high & 0x000f_ffff) * 0x10_0000 + (low >>> 12)) * 4096));
  }
  const last = (await Promise.all(starts.map((start) => presentEntries(image, mode, start)))).flat();
  return last.filter(({ low }) => (low & (PS | 0x1f_e000)) === PS).length * 8 > last.length;
}

/** At most SAMPLE of them, different, from all over. */
function spread(starts: readonly number[]): number[] {
  const different = [...new Set(starts)];
  const step = Math.max(1, different.length / SAMPLE);
  return Array.from({ length: Math.min(SAMPLE, different.length) }, (_, i) => different[Math.floor(i * step)] ?? 0);
}

const candidates = (mode: PagingModeId | undefined): readonly PagingMode[] =>
  mode ? [pagingMode(mode)] : pagingModes.filter(({ id }) => id === 'pae' || id === '4-level' || id === '32-bit' || id === '5-level');

async function fitOf(image: MemoryImage, mode: PagingMode, typed: number): Promise<Fit> {
  const present = await presentEntries(image, mode, rootInCr3(mode, typed));
  const led = present.filter((entry) => leads(image, mode, entry.low, entry.high));
  const fit = judged(mode, present, led);
  return {
    mode,
    ...fit,
    score: mode.id === '32-bit' && (await isWide(image, typed)) ? 0 : fit.score,
    underXen: present.length > 0 && present.every((entry) => (entry.low & 6) === 6),
  };
}

/** Read as entries of 4 bytes, those of 8 that lead above 4 GiB are twice as many, and their high words lead to low memory. */
async function isWide(image: MemoryImage, typed: number): Promise<boolean> {
  const [piece] = await image.read([{ start: machineAddress(rootInCr3(pagingMode('32-bit'), typed)), length: 4096 }]);
  const { highMost } = reachOf(image.end);
  return piece !== undefined && hasWideEntries(wordsOf(piece.bytes), highMost);
}

interface RootEntry {
  /** Byte offset in the root table. */
  readonly at: number;
  readonly low: number;
  readonly high: number;
}

async function presentEntries(image: MemoryImage, mode: PagingMode, start: number): Promise<readonly RootEntry[]> {
  const [piece] = await image.read([{ start: machineAddress(start), length: mode.rootEntries * mode.entryBytes }]);
  const view = new DataView((piece?.bytes ?? new Uint8Array(0)).slice().buffer);
  const entries = Array.from({ length: Math.floor(view.byteLength / mode.entryBytes) }, (_, slot) => {
    const at = slot * mode.entryBytes;
    return { at, low: view.getUint32(at, true), high: mode.entryBytes === 8 ? view.getUint32(at + 4, true) : 0 };
  });
  return entries.filter((entry) => (entry.low & 1) !== 0);
}

const PAE_ROOT_BYTES = 32;

/** True where an entry of the root names something the dump holds, with no bit set that its mode reserves above the address. */
function leads(image: MemoryImage, mode: PagingMode, low: number, high: number): boolean {
  if (mode.id === 'pae' && (high & 0xfff0_0000) !== 0) return false;
  const frame = mode.entryBytes === 4 ? low >>> 12 : (high & 0x000f_ffff) * 0x10_0000 + (low >>> 12);
  const isLeaf = mode.entryBytes === 4 && (low & 0x80) !== 0;
  return isLeaf || presenceOf(image, frame * 4096).presence !== 'absent';
}

/** Bits that a native PAE PDPTE keeps clear: RW, US, D, PS, G (QEMU sets A, bit 5). A PML4E without RW is of little use. */
const NOT_IN_PDPTES = 0x1c6;

/** Share of present entries that lead somewhere, then what the entries look like. */
function judged(mode: PagingMode, present: readonly RootEntry[], led: readonly RootEntry[]): Pick<Fit, 'score' | 'reason'> {
  if (present.length === 0) return { score: 0, reason: `No entry of its ${mode.rootEntries} is present when read as ${mode.label}.` };
  const wide = mode.entryBytes === 8 ? 0.01 : 0;
  return {
    score: led.length / present.length + (mode.id === 'pae' ? narrowness(present) : breadth(led)) + wide,
    reason: `Read as ${mode.label}: ${present.length} of ${mode.rootEntries} entries present, ${led.length} of them name memory this dump holds.`,
  };
}

/** Four entries without rights are PDPTEs, whatever follows them in the frame; with rights only where nothing does. */
const narrowness = (present: readonly RootEntry[]): number => (present.every((entry) => (entry.low & NOT_IN_PDPTES) === 0) ? 0.2 : 0.02);

/** A table of 512 or 1,024 has entries beyond a PAE root's four: a kernel's half is never empty. */
function breadth(led: readonly RootEntry[]): number {
  const beyond = led.filter((entry) => entry.at >= PAE_ROOT_BYTES).length;
  return beyond === 0 ? 0 : 0.03 + Math.min(beyond, 16) / 160;
}

export const rootKey = (root: Root): string => `${root.mode}@${root.address}`;
