import type { NumberLink, Sentence } from '#core/session/contract.ts';
import { useDesk } from '#ui/state/desk.ts';

/** One sentence a row, its source at the right. */
export function Sentences({ sentences }: { readonly sentences: readonly Sentence[] }) {
  return (
    <ol className="why-sentences">
      {sentences.map((sentence) => (
        <li key={textOf(sentence)}>
          <Words parts={sentence.parts} />
          <span className="why-source" title={sentence.source}>
            {sentence.source}
          </span>
        </li>
      ))}
    </ol>
  );
}

/** The full stop or comma after a number goes with it to the next line. */
function Words({ parts }: Pick<Sentence, 'parts'>) {
  return (
    <span className="why-words">
      {parts.map((part, index) => {
        if (typeof part === 'string') return index === 0 ? part : part.replace(GLUED, '');
        const next = parts[index + 1];
        const glued = typeof next === 'string' ? (GLUED.exec(next)?.[0] ?? '') : '';
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a sentence never move; the same number may stand in it twice.
          <span key={index} className="why-glued">
            <Jump link={part} />
            {glued}
          </span>
        );
      })}
    </span>
  );
}

/** What must not begin a line. */
const GLUED = /^[^\s]+/;

const textOf = (sentence: Sentence): string => sentence.parts.map((part) => (typeof part === 'string' ? part : part.text)).join('');

const WHERE: Readonly<Record<NumberLink['target']['kind'], string>> = {
  virtual: 'Select this virtual address',
  frame: 'Show this place in memory',
  file: 'Show this byte of the file',
  table: 'Show this entry',
};

function Jump({ link }: { readonly link: NumberLink }) {
  const jump = useDesk((desk) => desk.jump);
  return (
    <button type="button" className="why-jump n" title={WHERE[link.target.kind]} onClick={() => jump(link.target)}>
      {link.text}
    </button>
  );
}
