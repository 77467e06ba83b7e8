import type { NumberLink, Sentence } from '#core/session/contract.ts';
import { useDesk } from '#ui/state/desk.ts';

/** One sentence a row, its source at the right. */
export function Sentences({ sentences }: { readonly sentences: readonly Sentence[] }) {
  return (
    <ol className="why-sentences">
      {sentences.map((sentence) => (
        <li key={textOf(sentence)}>
          <span className="why-words">
            {sentence.parts.map((part, index) =>
              typeof part === 'string' ? (
                part
              ) : (
                // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a sentence never move; the same number may stand in it twice.
                <Jump key={index} link={part} />
              ),
            )}
          </span>
          <span className="why-source" title={sentence.source}>
            {sentence.source}
          </span>
        </li>
      ))}
    </ol>
  );
}

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
