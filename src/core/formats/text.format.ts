import type { Task } from '#core/base/task.ts';
import type { ByteSource } from '#core/memory/byte-source.ts';
import type { DumpFormat, FormatOptions, Glimpse, OpenedDump, Recognition } from './format.ts';
import { grammars, readText } from './text/read-text.ts';
import { looksPrintable, sourceText } from './text/source-text.ts';

/** Memory as debuggers print it, pasted or dropped, with whatever a mail or a terminal put around it. */
const text: DumpFormat = { id: 'text', label: 'printed memory', recognise, open };
export default text;

/** Known by what it is full of: printable characters, and at least one row of a known grammar. */
function recognise({ head, tail }: Glimpse): Recognition | undefined {
  return recogniseIn(head) ?? (tail.length > 0 && looksPrintable(sourceText(head).chars) ? recogniseIn(tail) : undefined);
}

function recogniseIn(bytes: Uint8Array): Recognition | undefined {
  const { chars } = sourceText(bytes);
  if (chars.length === 0 || !looksPrintable(chars)) return undefined;
  const { rowsOfGrammar } = readText(chars);
  const found = grammars.flatMap(({ id, label }) => {
    const seen = rowsOfGrammar.get(id);
    return seen === undefined ? [] : [`${seen.count} ${seen.count === 1 ? 'row' : 'rows'} of ${label} from line ${seen.firstLine}`];
  });
  return found.length === 0 ? undefined : { certainty: 'structure', how: `printable text with ${found.join(', ')}` };
}

/** The inference is only needed for a text. */
async function open(source: ByteSource, task: Task, options: FormatOptions): Promise<OpenedDump> {
  const { openText } = await import('./text/open-text.ts');
  return openText(source, task, options);
}
