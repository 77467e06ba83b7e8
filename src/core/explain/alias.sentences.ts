import { commas } from '#core/base/hex.ts';
import { virtualPage } from '#core/memory/address.ts';
import type { FramePlace } from '#core/session/contract.ts';
import type { ExplainInput } from './explain-input.ts';
import type { RankedSentence, RankedTitle, SentenceRule } from './sentence-rule.ts';
import { TELLS } from './sentence-rule.ts';
import { frameLink, listed, say, sentence, virtualLink } from './words.ts';

const SHOWN = 2;

/** The other pages that map this frame, high to low. What a linear page table shows as pages are entries, not aliases. */
function othersOf(input: ExplainInput): { readonly places: readonly FramePlace[]; readonly count: number } {
  const { outcome, address } = input.translation;
  if (outcome.kind !== 'mapped') return { places: [], count: 0 };
  const passport = input.facts.passport(outcome.frame);
  const looped = passport.places.filter((place) => place.kind === 'loop');
  const places = passport.places.filter((place) => place.kind !== 'loop' && place.firstPage !== address.page && place.times === 1);
  const own = looped.some((place) => place.firstPage === address.page) ? 0 : 1;
  return { places, count: passport.placeCount - looped.reduce((sum, place) => sum + place.times, own) };
}

function aliases(input: ExplainInput): readonly RankedSentence[] {
  const { places, count } = othersOf(input);
  const { outcome } = input.translation;
  if (outcome.kind !== 'mapped' || places.length === 0) return [];
  const source = `frame ${frameLink(outcome.frame).text}`;
  const what = outcome.pageFrames === 1 ? 'frame' : 'frames';
  return [sentence(TELLS.alias, source, aliasParts(input, places, count, what))];
}

function aliasParts(input: ExplainInput, places: readonly FramePlace[], count: number, what: string): RankedSentence['parts'] {
  const [only] = places;
  if (only && places.length === 1 && count === 1)
    return say`${virtualLink(input, only.firstPage)}${regionWords(input, only)} maps the same ${what}, ${rightsWords(input, only)}.`;
  const links = listed(places.slice(0, SHOWN).map((place) => virtualLink(input, place.firstPage)));
  const writable = places.filter((place) => place.rights.includes('w'));
  if (!input.translation.rights.write && writable.length > 0 && count > SHOWN) return writableParts(input, writable, count, what);
  if (count <= SHOWN) return say`${links} map the same ${what}${commonRights(input, places)}.`;
  return say`${commas(count)} other places map the same ${what}, ${links} first.`;
}

/** Of many places the writable ones tell most about a page that is not. */
function writableParts(input: ExplainInput, writable: readonly FramePlace[], count: number, what: string): RankedSentence['parts'] {
  const shown = writable.slice(0, SHOWN);
  const rest = count - shown.length;
  const links = listed(shown.map((place) => virtualLink(input, place.firstPage)));
  const verb = shown.length === 1 ? 'maps' : 'map';
  return say`${links} ${verb} the same ${what}, writable; ${commas(rest)} more ${rest === 1 ? 'place maps' : 'places map'} it too.`;
}

/** ", Direct map": where the other place lies, if that is another region. */
function regionWords(input: ExplainInput, place: FramePlace): string {
  const region = input.atlas.regions.find((at) => place.firstPage >= at.firstPage && place.firstPage < at.firstPage + at.pageCount);
  return region && region.why !== '' && input.layout.rings === 'native' ? `, ${region.name.toLowerCase()},` : '';
}

function rightsWords(input: ExplainInput, place: FramePlace): string {
  const write = place.rights.includes('w') ? 'writable' : 'read-only';
  const leaf = input.facts.translate({ page: virtualPage(place.firstPage), offset: 0 }).steps.at(-1);
  const isGlobal = leaf?.bits.some((bit) => bit.name === 'G' && bit.value === 1) ?? false;
  return isGlobal ? `${write} and global` : write;
}

function commonRights(input: ExplainInput, places: readonly FramePlace[]): string {
  const words = new Set(places.map((place) => rightsWords(input, place)));
  return words.size === 1 ? `, ${[...words][0]}` : '';
}

function title(input: ExplainInput): RankedTitle | undefined {
  const { rights } = input.translation;
  const writableElsewhere = othersOf(input).places.some((place) => place.rights.includes('w'));
  return !rights.write && writableElsewhere ? { weight: 40, text: 'a read-only view of a frame that is writable elsewhere' } : undefined;
}

export default { sentences: aliases, title } satisfies SentenceRule;
