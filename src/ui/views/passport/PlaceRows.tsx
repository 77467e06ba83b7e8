import { useEffect, useRef } from 'react';
import { commas } from '#core/base/hex.ts';
import { virtualPage } from '#core/memory/address.ts';
import type { FramePassport, FramePlace } from '#core/session/contract.ts';
import { Digits } from '#ui/kit/Digits.tsx';
import { rove } from '#ui/kit/roving.ts';
import { useDesk } from '#ui/state/desk.ts';
import { type Selection, useSelection } from '#ui/state/selection.ts';
import { isThisPlace, placeAddress, swatchClass } from './passport-words.ts';

/** One row a virtual place, high to low; the selected one is yellow. Up and Down move, Enter or a click selects. */
export function PlaceRows({ passport }: { readonly passport: FramePassport }) {
  const selection = useSelection();
  if (!selection) return null;
  const { places, placeCount } = passport;
  if (placeCount === 0) return <p className="passport-none c">No page of this root maps it.</p>;
  const here = places.findIndex((place) => isThisPlace(place, selection.address.page));
  const listed = places.reduce((sum, place) => sum + place.times, 0);
  return (
    <ol className="passport-places" onKeyDown={(event) => rove(event, 'vertical')}>
      {places.map((place, index) => (
        <li key={place.firstPage}>
          <Row place={place} selection={selection} here={index === here} first={index === Math.max(0, here)} />
        </li>
      ))}
      {placeCount > listed && <li className="passport-more c">{`and ${commas(placeCount - listed)} more places, not listed`}</li>}
    </ol>
  );
}

interface RowProps {
  readonly place: FramePlace;
  readonly selection: Selection;
  readonly here: boolean;
  /** Tab stop of the list. */
  readonly first: boolean;
}

function Row({ place, selection, here, first }: RowProps) {
  const select = useDesk((desk) => desk.select);
  const setHover = useDesk((desk) => desk.setHover);
  const address = { page: virtualPage(place.firstPage), offset: selection.address.offset };
  const text = placeAddress(place, selection.mode);
  const button = useRef<HTMLButtonElement>(null);
  // The list is short and low: the selected place must not lie below its edge.
  useEffect(() => {
    if (here) button.current?.scrollIntoView?.({ block: 'nearest' });
  }, [here]);
  return (
    <button
      ref={button}
      type="button"
      className={here ? 'passport-row passport-here ring-in' : 'passport-row ring-in'}
      tabIndex={first ? 0 : -1}
      aria-current={here || undefined}
      onClick={() => select(address)}
      onPointerEnter={() => setHover({ address, pageCount: 1, words: `${text}, ${place.what}` })}
      onPointerLeave={() => setHover(undefined)}
    >
      <i className={swatchClass(place.kind)} />
      <Digits text={text} />
      <span className="n">{place.rights}</span>
      <span className="c passport-what">{place.what}</span>
      <span className="c passport-by">{place.times > 1 ? <span className="n">{`× ${commas(place.times)}`}</span> : place.decidedBy}</span>
    </button>
  );
}
