import { COVERAGE_COLUMNS, type Coverage } from '#core/session/contract.ts';

/** Two px a bin at the design's width, so that no mark is thinner. */
export const STRIP_BINS = 240;
const HEIGHT = 14;

const COLUMNS = COVERAGE_COLUMNS.length;
/** Drawn first to last: writable covers what it touches. */
const LAYERS = [
  ['absent', 'roots-absent-mark'],
  ['loop', 'roots-loop'],
  ['read-only', 'roots-ro'],
  ['writable', 'roots-rw'],
] as const;
const USER = COVERAGE_COLUMNS.indexOf('user');

/** The whole space of one root, low at the left, all to one scale; the lower edge is green where ring 3 may reach it. */
export function RootStrip({ coverage }: { readonly coverage: Coverage | undefined }) {
  return (
    <svg className="roots-strip" viewBox={`0 0 ${STRIP_BINS} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
      <rect className="roots-frame" x="0" y="0" width={STRIP_BINS} height={HEIGHT} />
      {coverage &&
        LAYERS.map(([kind, name]) => <path key={kind} className={name} d={marks(coverage, COVERAGE_COLUMNS.indexOf(kind), 1, HEIGHT - 2)} />)}
      {coverage && <path className="roots-user" d={marks(coverage, USER, HEIGHT - 4, 3)} />}
    </svg>
  );
}

/** A rectangle for each run of bins with any page of that column. */
function marks({ counts, bins }: Coverage, column: number, top: number, height: number): string {
  const rectangles: string[] = [];
  for (let bin = 0; bin < bins; bin++) {
    const first = bin;
    while (bin < bins && (counts[bin * COLUMNS + column] ?? 0) > 0) bin++;
    if (bin > first) rectangles.push(`M${first} ${top}h${bin - first}v${height}h${first - bin}z`);
  }
  return rectangles.join('');
}
