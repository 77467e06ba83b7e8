import './passport.css';
import { hex } from '#core/base/hex.ts';
import { useQuestion } from '#ui/state/question.ts';
import { useFrameWord, useSelection } from '#ui/state/selection.ts';
import { FrameNames } from './FrameNames.tsx';
import { PlaceRows } from './PlaceRows.tsx';
import { placesWords } from './passport-words.ts';
import { useSelectedFrame } from './selected-frame.ts';

/** All that one frame is: its names, every virtual place it is seen at, and whether it is a page table. */
export function PassportPane() {
  const selection = useSelection();
  const { frame, none } = useSelectedFrame();
  const root = selection?.root;
  const key = `passport ${root?.mode} ${root?.address} ${frame}`;
  const { value } = useQuestion(key, (questions) => (root && frame !== undefined ? questions.passport(root, frame) : undefined));
  const frameWord = useFrameWord();
  const shown = frame === undefined ? undefined : value;
  return (
    <>
      <div className="ph">
        <h2>Frame {shown && <span className="n">{hex(shown.frame)}</span>}</h2>
        <span className="c passport-count">{shown ? placesWords(shown) : (none ?? '')}</span>
        {shown && <FrameNames passport={shown} frameWord={frameWord} />}
      </div>
      {shown && <PlaceRows passport={shown} />}
    </>
  );
}
