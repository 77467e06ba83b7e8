import { bytesText, commas } from '#core/base/hex.ts';
import type { Layout, LayoutSpan, NamedStretch } from '#core/layouts/layout.ts';
import type { StretchTally } from './stretch-tally.ts';

const PAGE_BYTES = 4096;

/** What a stretch is called, and why. `joins`: neighbours of the same name are one region. */
export interface RegionName {
  readonly name: string;
  readonly shortName: string;
  readonly why: string;
  readonly joins: boolean;
}

/** A stretch with the span that holds it, if any. */
export interface Placed {
  readonly tally: StretchTally;
  readonly span: LayoutSpan | undefined;
}

/** Names for stretches, in their order: the span's, else the first rule that explains it, else its make-up. */
export function namesOf(placed: readonly Placed[], layout: Layout): readonly RegionName[] {
  const names = placed.map(({ tally, span }) => specialName(tally) ?? (span && spanName(span)));
  const named: NamedStretch[] = [];
  for (const rule of layout.rules ?? []) {
    placed.forEach(({ tally }, i) => {
      if (names[i] || tally.mappedPages === 0) return;
      const { stretch } = tally;
      const why = rule.explains(stretch, named);
      if (why === undefined) return;
      names[i] = { name: rule.name, shortName: rule.shortName, why, joins: true };
      named.push({ name: rule.name, stretch });
    });
    named.sort((a, b) => a.stretch.firstPage - b.stretch.firstPage);
  }
  return placed.map(({ tally }, i) => names[i] ?? makeUpName(tally));
}

export function spanName(span: LayoutSpan): RegionName {
  const note = span.note ? `${span.note}. ` : '';
  return { name: span.name, shortName: span.shortName, why: `${note}Source: ${span.source}`, joins: true };
}

/** What a stretch is whatever the layout says: a loop, behind absent tables, refused. */
function specialName(tally: StretchTally): RegionName | undefined {
  if (tally.loopPages > 0 && tally.loopPages === tally.mappedPages) {
    const why = 'every page here shows a page table of this same root: an entry above names a table again';
    return { name: 'Linear page table', shortName: 'Linear PT', why, joins: true };
  }
  if (tally.mappedPages > 0) return undefined;
  if (tally.absentPages > 0) {
    const entries = `${commas(tally.runs)} ${tally.runs === 1 ? 'table or entry' : 'tables or entries'}`;
    const why = `${bytesText(tally.absentPages * PAGE_BYTES)} behind ${entries} that this dump lacks: whether anything is mapped here is not known`;
    return { name: 'Not in this dump', shortName: 'Absent', why, joins: false };
  }
  return {
    name: 'P 0, not zero',
    shortName: 'P 0',
    why: 'entries with P clear and other bits set: PROT_NONE, swap, or emptied by half',
    joins: false,
  };
}

/** "256 pages", "1 page in 2", "4 of 2 MB": what anyone can count. */
function makeUpName(tally: StretchTally): RegionName {
  const name = makeUp(tally);
  return { name, shortName: shortMakeUp(name), why: 'no span or rule of the layout names it: called by its make-up', joins: false };
}

function makeUp(tally: StretchTally): string {
  const { leafPages, evenRunPages, mappedPages, distinctFrames, times } = tally;
  if (times > 1) return distinctFrames === 1 ? 'One page, many times' : `${distinctFrames} pages, many times`;
  if (leafPages > 1) return `${commas(mappedPages / leafPages)} of ${bytesText(leafPages * PAGE_BYTES)}`;
  if (evenRunPages > 0) return `${pagesText(evenRunPages)} in ${commas(tally.stride)}`;
  return pagesText(mappedPages);
}

const pagesText = (pages: number): string => (pages === 1 ? '1 page' : `${commas(pages)} pages`);
const shortMakeUp = (name: string): string => name.replace('page in', 'in').replace('pages in', 'in').replace(', many times', '');
