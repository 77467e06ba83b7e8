import './walk.css';
import { useState } from 'react';
import { virtualHex } from '#core/base/hex.ts';
import type { PagingMode } from '#core/paging/mode.ts';
import { pagingMode } from '#core/paging/modes.ts';
import type { Translation } from '#core/session/contract.ts';
import { Digits } from '#ui/kit/Digits.tsx';
import { RootWantedLine } from '#ui/kit/RootWanted.tsx';
import { useDesk } from '#ui/state/desk.ts';
import { useSelection, useTranslation } from '#ui/state/selection.ts';
import { BitStrip } from './BitStrip.tsx';
import { WalkSteps } from './WalkSteps.tsx';
import { cutWords } from './walk-cut.ts';

/** The walk of the selected address: its bits in their cut, every entry on the way with its gates, and where it ends. */
export function WalkPane() {
  const { value, error } = useTranslation(useSelection());
  if (error) return <Message text={`The walk could not be made: ${error.message}`} />;
  return value ? <Walk translation={value} mode={pagingMode(value.mode)} /> : <Message text="" />;
}

function Message({ text }: { readonly text: string }) {
  return (
    <>
      <div className="ph">
        <h2>Walk</h2>
        <RootWantedLine what="starts at a root" />
      </div>
      {text && <p className="walk-message">{text}</p>}
    </>
  );
}

interface WalkProps {
  readonly translation: Translation;
  readonly mode: PagingMode;
}

function Walk({ translation, mode }: WalkProps) {
  const [lit, setLit] = useState<number>();
  const busy = useDesk((desk) => desk.atlas === undefined);
  const { page, offset } = translation.address;
  return (
    <>
      <div className="ph">
        <h2>
          Walk of <Digits text={virtualHex(page, offset, mode.virtualBits)} />
        </h2>
        <span className="c walk-cut">{cutWords(translation, mode)}</span>
      </div>
      <div className="walk-body" data-levels={mode.levels.length} aria-busy={busy}>
        <BitStrip translation={translation} mode={mode} lit={lit} />
        <WalkSteps translation={translation} mode={mode} onLight={setLit} />
      </div>
    </>
  );
}
