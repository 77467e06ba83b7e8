import { type FormEvent, useState } from 'react';
import { type FrameWord, m2pWordPlace } from '#core/session/contract.ts';
import { useDesk, useDeskStore } from '#ui/state/desk.ts';
import { useQuestion } from '#ui/state/question.ts';
import { lookUp, NUMBERS, type NumberKind } from './look-up-number.ts';
import { type Fact, factsOf } from './look-up-words.ts';
import { keyOf, lastMfn, useM2p } from './use-m2p.ts';

/** Look up a frame by any of its numbers; below, all that is known of its word. */
export function LookUp() {
  const { mfn, digits, selection, summary } = useM2p();
  const key = keyOf('m2p word', selection);
  const { value: word } = useQuestion(`${key} ${mfn}`, (questions) => questions.m2pWord(selection.root, mfn));
  const pfn = word?.value !== undefined && word.value < 0x8000_0000 ? word.value : undefined;
  const { value: back } = useQuestion(`${key} p2m ${pfn ?? ''}`, (questions) =>
    pfn === undefined || !summary.p2m ? undefined : questions.p2mWord(selection.root, pfn),
  );
  const about = { back: back?.index === pfn ? back : undefined, mode: selection.mode, digits, bytesPerWord: summary.bytesPerWord };
  // The last answer stays until the next is there, and its room stays always: what is below must not jump away from the pointer.
  const facts = word ? factsOf({ word, ...about }) : [];
  return (
    <section className="m2p-look-up" aria-labelledby="m2p-look-up">
      <div className="ph">
        <h2 id="m2p-look-up">Look up a frame</h2>
        <span className="c">by any of its numbers</span>
      </div>
      <NumberForm />
      <dl className="kv m2p-facts">
        {facts.map((fact) => (
          <FactRow key={fact.name} fact={fact} />
        ))}
      </dl>
      <Ways word={word} mfn={mfn} />
    </section>
  );
}

function FactRow({ fact: { name, value, aside, hatched } }: { readonly fact: Fact }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>
        {hatched && <i className="gap k-absent" role="img" aria-label="not known" />} {value && <span className="n">{value}</span>}{' '}
        {aside && <span className="c">{aside}</span>}
      </dd>
    </>
  );
}

/** To the word's bytes, and to the frame itself: deliberate jumps. */
function Ways({ word, mfn }: { readonly word: FrameWord | undefined; readonly mfn: number }) {
  const desk = useDeskStore();
  const { summary } = useM2p();
  const toWord = () => desk.getState().look({ address: m2pWordPlace(summary, mfn), view: 'explorer' }, true);
  const toFrame = () => {
    desk.getState().look({ view: 'explorer' });
    desk.getState().jump({ kind: 'frame', frame: mfn, offset: 0 });
  };
  return (
    <p className="m2p-ways">
      <button type="button" className="btn quiet" disabled={!word?.seenAt} onClick={toWord}>
        Its word among the bytes
      </button>
      <button type="button" className="btn quiet" onClick={toFrame}>
        The frame itself
      </button>
    </p>
  );
}

function NumberForm() {
  const { selection, pick, summary } = useM2p();
  const questions = useDesk((desk) => desk.questions);
  const [kind, setKind] = useState<NumberKind>('mfn');
  const [text, setText] = useState('');
  const [fault, setFault] = useState('');
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const found = questions && (await lookUp(questions, { kind, text, root: selection.root, lastMfn: lastMfn(summary) }));
    setFault(found && 'fault' in found ? found.fault : '');
    if (found && 'mfn' in found) pick(found.mfn);
  };
  return (
    <form className="m2p-form" onSubmit={(event) => void submit(event)}>
      <select aria-label="Kind of number" className="roots-field" value={kind} onChange={({ target }) => setKind(target.value as NumberKind)}>
        {Object.entries(NUMBERS).map(([id, name]) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </select>
      <input
        aria-label={`${NUMBERS[kind]} to look up`}
        placeholder="hex"
        spellCheck={false}
        autoComplete="off"
        value={text}
        onChange={({ target }) => setText(target.value)}
      />
      <button type="submit" className="btn">
        Look up
      </button>
      <span className="c m2p-fault" role="status">
        {fault}
      </span>
    </form>
  );
}
