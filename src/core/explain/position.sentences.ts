import { bytesOfText, bytesText } from '#core/base/hex.ts';
import type { ExplainInput } from './explain-input.ts';
import type { RankedSentence, SentenceRule } from './sentence-rule.ts';
import { TELLS } from './sentence-rule.ts';
import { mappedPages, shortSource, spanAt } from './spans.ts';
import { capitalised, say, sentence, virtualLink, virtualText } from './words.ts';

function position(input: ExplainInput): readonly RankedSentence[] {
  return [...belowTop(input), ...spanExtent(input), ...spanNote(input)];
}

/** "F5800000 is 168 MB below 4 GB, where Xen’s part begins." Said of the first byte of a span in a 32-bit space. */
function belowTop(input: ExplainInput): readonly RankedSentence[] {
  const { page, offset } = input.translation.address;
  const span = spanAt(input, page);
  if (input.mode.virtualBits !== 32 || !span || span.firstPage !== page || offset !== 0) return [];
  const owner = input.layout.borders.find((border) => border.kind === 'owner' && border.page === page);
  const below = bytesText((input.mode.pageCount - page) * 4096);
  const begins = owner ? `, where ${span.side === 'Xen' ? 'Xen’s' : `the ${span.side}’s`} part begins` : '';
  return [
    sentence(
      owner ? TELLS.alias + 1 : TELLS.around - 4,
      owner ? shortSource(span) : 'computed',
      say`${virtualLink(input, page)} is ${below} below 4 GB${begins}.`,
    ),
  ];
}

/** What the layout reserves around this address, and how much of it is there. */
function spanExtent(input: ExplainInput): readonly RankedSentence[] {
  const span = spanAt(input, input.translation.address.page);
  if (!span || span.pageCount * 4 > input.mode.pageCount) return [];
  const last = virtualText(input, span.firstPage + span.pageCount - 1, 0xfff);
  const present = bytesOfText(mappedPages(input, span) * 4096, span.pageCount * 4096);
  const parts = say`${capitalised(span.name)}: ${virtualLink(input, span.firstPage)}–${last}, ${present} present.`;
  return [sentence(TELLS.place - 2, shortSource(span), parts)];
}

function spanNote(input: ExplainInput): readonly RankedSentence[] {
  const span = spanAt(input, input.translation.address.page);
  return span?.note ? [sentence(TELLS.place - 3, shortSource(span), say`${capitalised(span.note.replace(/\.$/, ''))}.`)] : [];
}

export default { sentences: position } satisfies SentenceRule;
