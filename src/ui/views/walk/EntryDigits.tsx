import { hex, hexWord64 } from '#core/base/hex.ts';
import { Digits } from '#ui/kit/Digits.tsx';

interface EntryDigitsProps {
  readonly low: number;
  readonly high: number;
  readonly bytes: 4 | 8;
}

/** Bits 62:40 of an entry: above the largest frame most machines have. XD is among the named bits, so it may fold away too. */
const TOP_BITS = 0x7fff_ff00;

/** A raw entry. In a narrow pane its six top digits fold away, if nothing but XD is set in them. */
export function EntryDigits({ low, high, bytes }: EntryDigitsProps) {
  if (bytes === 4) return <Digits text={hex(low >>> 0, 8)} />;
  const text = hexWord64(high, low);
  if ((high & TOP_BITS) !== 0) return <Digits text={text} />;
  const marked = high >>> 31 === 1;
  return (
    <span className="n">
      <span className={marked ? 'walk-top' : 'walk-top z'}>{text.slice(0, 6)}</span>
      {marked ? text.slice(6) : <Digits text={text.slice(6)} />}
    </span>
  );
}
