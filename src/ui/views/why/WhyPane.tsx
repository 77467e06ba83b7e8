import './why.css';
import { useState } from 'react';
import { virtualHex } from '#core/base/hex.ts';
import { Digits } from '#ui/kit/Digits.tsx';
import { useExplanation, useSelection } from '#ui/state/selection.ts';
import { Further } from './Further.tsx';
import { Sentences } from './Sentences.tsx';
import { Verdicts } from './Verdicts.tsx';

/** What the selected address is, in a few sentences with their sources, and who may touch it. */
export function WhyPane() {
  const selection = useSelection();
  const { value, error } = useExplanation(selection);
  const address = selection && virtualHex(selection.address.page, selection.address.offset, selection.mode.virtualBits);
  // Opened for one place: the next begins with its strongest sentences again.
  const [opened, setOpened] = useState<string>();
  const isOpen = address !== undefined && opened === address;
  const shown = error ? undefined : value;
  return (
    <>
      <div className="ph">
        <h2>What {address ? <Digits text={address} /> : 'it'} is</h2>
        <span className="c why-title" title={value?.title}>
          {value?.title ?? ''}
        </span>
        {shown && <Further explanation={shown} isOpen={isOpen} toggle={() => setOpened(isOpen ? undefined : address)} />}
      </div>
      {error && <p className="why-message">{`It could not be explained: ${error.message}`}</p>}
      {shown && (
        <div className="why-body">
          <Sentences sentences={isOpen ? [...shown.sentences, ...(shown.more ?? [])] : shown.sentences} />
          <Verdicts rows={shown.verdicts} />
        </div>
      )}
    </>
  );
}
