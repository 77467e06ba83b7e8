import { virtualHex } from '#core/base/hex.ts';
import type { PagingMode } from '#core/paging/mode.ts';
import type { Translation } from '#core/session/contract.ts';
import { Digits } from '#ui/kit/Digits.tsx';
import { type BitGroup, cutOf } from './walk-cut.ts';

interface BitStripProps {
  readonly translation: Translation;
  readonly mode: PagingMode;
  /** Level whose column is under the pointer or has focus. */
  readonly lit: number | undefined;
}

/** The address's bits, cut as the walk cuts them, each part with the number it makes. */
export function BitStrip({ translation, mode, lit }: BitStripProps) {
  const { page, offset } = translation.address;
  return (
    <div className="walk-strip">
      <span className="walk-address">
        <Digits text={virtualHex(page, offset, mode.virtualBits)} />
      </span>
      {cutOf(translation, mode).map((group) => (
        <Group key={group.low} group={group} lit={group.level !== undefined && group.level === lit} roomy={mode.virtualBits === 32} />
      ))}
    </div>
  );
}

function Group({ group, lit, roomy }: { readonly group: BitGroup; readonly lit: boolean; readonly roomy: boolean }) {
  return (
    <div className={lit ? 'walk-group walk-lit' : 'walk-group'}>
      <span className="walk-bits n" aria-hidden="true">
        {group.bits.map(({ bit, value }) => (
          <u key={bit} className={bitClass(value, bit === group.tickBit)} title={bit === group.tickBit ? '4 KB pages would cut here' : undefined}>
            {value}
          </u>
        ))}
      </span>
      <span className="walk-caption c">
        {group.caption}
        {group.value && <Digits text={group.value} small />}
        {group.after && <span className="walk-wide"> {group.after}</span>}
        {roomy && group.tickBit !== undefined && group.value && (
          <span className="walk-wide">. For 4 KB pages bits {group.high}:12 would index a table.</span>
        )}
      </span>
    </div>
  );
}

function bitClass(bit: string, tick: boolean): string {
  return `${bit === '0' ? 'z' : ''}${tick ? ' walk-tick' : ''}`;
}
