import { hex } from '#core/base/hex.ts';
import type { RootHint } from '#core/formats/format.ts';
import { machineAddress } from '#core/memory/address.ts';
import type { MemoryImage } from '#core/memory/memory-image.ts';
import type { PagingFeatures, PagingMode, PagingModeId, Root } from '#core/paging/mode.ts';
import { pagingMode, pagingModes, rootInCr3, usualFeatures } from '#core/paging/modes.ts';
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
  const id = best.mode.id === 'pae' && best.underXen && mode === undefined ? 'pae-under-xen64' : best.mode.id;
  const aligned = rootInCr3(pagingMode(id), address);
  const dropped = aligned === address ? '' : ` Low bits of ${hex(address)} are not part of the root's address.`;
  return {
    address: aligned,
    mode: id,
    origin: 'typed',
    reason: `${best.reason}${dropped}`,
    features,
    held: presenceOf(image, aligned).presence !== 'absent',
  };
}

const candidates = (mode: PagingModeId | undefined): readonly PagingMode[] =>
  mode ? [pagingMode(mode)] : pagingModes.filter(({ id }) => id === 'pae' || id === '4-level' || id === '32-bit' || id === '5-level');

async function fitOf(image: MemoryImage, mode: PagingMode, typed: number): Promise<Fit> {
  const start = rootInCr3(mode, typed);
  const [piece] = await image.read([{ start: machineAddress(start), length: mode.rootEntries * mode.entryBytes }]);
  const view = new DataView((piece?.bytes ?? new Uint8Array(0)).slice().buffer);
  let present = 0;
  let led = 0;
  let xen = 0;
  for (let at = 0; at + mode.entryBytes <= view.byteLength; at += mode.entryBytes) {
    const low = view.getUint32(at, true);
    if ((low & 1) === 0) continue;
    present++;
    if ((low & 6) === 6) xen++;
    if (leads(image, mode, low, mode.entryBytes === 8 ? view.getUint32(at + 4, true) : 0)) led++;
  }
  return { mode, ...judged(mode, present, led), underXen: present > 0 && xen === present };
}

/** True where an entry of the root names something the dump holds, with no bit set that its mode reserves above the address. */
function leads(image: MemoryImage, mode: PagingMode, low: number, high: number): boolean {
  if (mode.id === 'pae' && (high & 0xfff0_0000) !== 0) return false;
  const frame = mode.entryBytes === 4 ? low >>> 12 : (high & 0x000f_ffff) * 0x10_0000 + (low >>> 12);
  const isLeaf = mode.entryBytes === 4 && (low & 0x80) !== 0;
  return isLeaf || presenceOf(image, frame * 4096).presence !== 'absent';
}

/** Share of present entries that lead somewhere; a PAE root has but 4 entries, so a full one of 512 that also fits wins. */
function judged(mode: PagingMode, present: number, led: number): Pick<Fit, 'score' | 'reason'> {
  if (present === 0) return { score: 0, reason: `No entry of its ${mode.rootEntries} is present when read as ${mode.label}.` };
  const share = led / present;
  const breadth = mode.id === 'pae' ? 0.02 : Math.min(led, 16) / 160;
  const wide = mode.entryBytes === 8 ? 0.01 : 0;
  return {
    score: share + breadth + wide,
    reason: `Read as ${mode.label}: ${present} of ${mode.rootEntries} entries present, ${led} of them name memory this dump holds.`,
  };
}

export const rootKey = (root: Root): string => `${root.mode}@${root.address}`;
