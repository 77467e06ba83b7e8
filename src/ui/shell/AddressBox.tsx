import './address-box.css';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { ComboBox, Input, type Key, ListBox, ListBoxItem, Popover } from 'react-aria-components';
import { hex } from '#core/base/hex.ts';
import type { Reading } from '#core/session/contract.ts';
import { useDesk, useDeskStore } from '#ui/state/desk.ts';
import { addressText } from '#ui/state/history.ts';
import { useFrameWord } from '#ui/state/selection.ts';
import { ADDRESS_INPUT, onTypedAddress } from './address-input.ts';
import { type AskedReadings, askReadings, useReadings } from './use-readings.ts';

/**
 * Always visible. Takes virtual and machine addresses, frames, sums and differences; offers each reading with what it leads to.
 * Enter takes the first, arrows choose, Esc gives back the address in view.
 */
export function AddressBox() {
  const desk = useDeskStore();
  const [typed, setTyped] = useState<string>();
  const asked = useReadings(typed ?? '');
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => onTypedAddress(setTyped), []);
  const { word, shown } = useShown();
  const leave = () => {
    setTyped(undefined);
    leaveBox();
  };
  const take = (reading: Reading | undefined) => {
    if (!reading) return;
    desk.getState().jump(reading.target);
    leave();
  };
  const takeFirst = async (text: string) => take((asked.text === text ? asked.readings : await askReadings(desk, text))?.readings[0]);
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    if (event.key === 'Escape') leave();
    if (event.key !== 'Enter' || event.currentTarget.getAttribute('aria-activedescendant')) return;
    event.preventDefault();
    if (typed !== undefined) void takeFirst(typed);
  };
  const choose = (key: Key | null) => {
    take(asked.readings?.readings[Number(key ?? -1)]);
    // An option that is clicked gives the focus back to the box.
    requestAnimationFrame(leaveBox);
  };
  return (
    <ComboBox
      aria-label="Go to an address"
      allowsCustomValue
      allowsEmptyCollection
      menuTrigger="input"
      inputValue={typed ?? shown}
      onInputChange={(text) => setTyped((before) => (before === undefined && text === shown ? before : text))}
      items={itemsOf(asked)}
      defaultFilter={() => true}
      value={null}
      onChange={choose}
      onBlur={() => setTyped(undefined)}
    >
      <div className="ctl addr" ref={box}>
        <span className="c">{word}</span>
        <Input id={ADDRESS_INPUT} spellCheck={false} autoComplete="off" onFocus={(event) => event.currentTarget.select()} onKeyDown={onKeyDown} />
        <kbd>G</kbd>
      </div>
      <Popover className="readings" placement="bottom start" offset={4} triggerRef={box} isNonModal>
        <Slip asked={asked} />
        <ListBox<Item> className="readings-list" renderEmptyState={() => <p className="readings-none">{emptyText(asked)}</p>}>
          {(item) => (
            <ListBoxItem id={item.id} className="reading" textValue={item.label}>
              <span>{item.label}</span>
              <span className="c">{item.leadsTo}</span>
            </ListBoxItem>
          )}
        </ListBox>
        <p className="c readings-foot">Enter takes the first; arrows choose.</p>
      </Popover>
    </ComboBox>
  );
}

/** The address in view with the word for its space: without a root there is only machine memory. */
function useShown(): { readonly word: string; readonly shown: string } {
  const place = useDesk((now) => now.place);
  const machineWord = useFrameWord() === 'MFN' ? 'machine' : 'PA';
  if (place.machine !== undefined) return { word: machineWord, shown: hex(place.machine) };
  return place.root ? { word: 'VA', shown: addressText(place) } : { word: machineWord, shown: '' };
}

const leaveBox = (): void => document.getElementById(ADDRESS_INPUT)?.blur();

interface Item extends Reading {
  readonly id: number;
}

const itemsOf = ({ readings }: AskedReadings): Item[] => (readings?.readings ?? []).map((reading, id) => ({ ...reading, id }));

function Slip({ asked }: { readonly asked: AskedReadings }) {
  const slip = asked.readings?.slip;
  return slip ? (
    <p className="readings-slip" role="status">
      {slip}
    </p>
  ) : null;
}

const emptyText = ({ text, readings }: AskedReadings): string => {
  if (readings?.problem) return readings.problem;
  return text === '' ? 'A virtual address, a frame, a machine address, +1000, -8.' : 'Nothing here reads like that.';
};
