import './why.css';
import { virtualHex } from '#core/base/hex.ts';
import type { Explanation } from '#core/session/contract.ts';
import { Digits } from '#ui/kit/Digits.tsx';
import { useExplanation, useSelection } from '#ui/state/selection.ts';
import { Sentences } from './Sentences.tsx';
import { Verdicts } from './Verdicts.tsx';

/** What the selected address is, in a few sentences with their sources, and who may touch it. */
export function WhyPane() {
  const selection = useSelection();
  const { value, error } = useExplanation(selection);
  const address = selection && virtualHex(selection.address.page, selection.address.offset, selection.mode.virtualBits);
  return (
    <>
      <div className="ph">
        <h2>What {address ? <Digits text={address} /> : 'it'} is</h2>
        <span className="c why-title" title={value?.title}>
          {value?.title ?? ''}
        </span>
      </div>
      {error && <p className="why-message">{`It could not be explained: ${error.message}`}</p>}
      {value && !error && <Body explanation={value} />}
    </>
  );
}

function Body({ explanation }: { readonly explanation: Explanation }) {
  return (
    <div className="why-body">
      <Sentences sentences={explanation.sentences} />
      <Verdicts rows={explanation.verdicts} />
    </div>
  );
}
