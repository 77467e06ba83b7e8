import type { Grammar, LineReader } from './grammar.ts';
import { type SourceLine, sourceLines } from './lines.ts';
import { TextReading } from './reading.ts';

/** Every grammar of printed memory: one file each. */
export const grammars: readonly Grammar[] = Object.values(
  import.meta.glob<Grammar>('./grammars/*.grammar.ts', { eager: true, import: 'default' }),
).sort((a, b) => a.order - b.order);

interface ActiveReader extends LineReader {
  close(): void;
}

/** Lines between two reports of progress. */
const REPORT_EVERY = 4096;

/** Reads all rows of a text, whatever stands between them. `onLines` is called now and then with the index reached; it may throw to stop. */
export function readText(chars: Uint8Array, onLines: (index: number) => void = () => undefined): TextReading {
  const reading = new TextReading();
  const readers = grammars.map((grammar): ActiveReader => {
    const reader = grammar.begin(reading);
    const close = (): void => {
      reading.enter(grammar.id);
      reader.close?.();
    };
    const read = (line: SourceLine): boolean => {
      reading.enter(grammar.id);
      return reader.read(line);
    };
    return { read, close };
  });
  let seen = 0;
  for (const line of sourceLines(chars)) {
    if (seen++ % REPORT_EVERY === 0) onLines(line.start);
    readLine(line, readers, reading);
  }
  closeAll(readers);
  return reading;
}

function readLine(line: SourceLine, readers: readonly ActiveReader[], reading: TextReading): void {
  if (line.prompt !== undefined) atPrompt(line, readers, reading);
  const reader = readers.find((candidate) => candidate.read(line));
  if (reader !== undefined) closeAll(readers.filter((other) => other !== reader));
}

function atPrompt(line: SourceLine, readers: readonly ActiveReader[], reading: TextReading): void {
  closeAll(readers);
  const command = line.text.trim();
  if (command !== '') reading.annotate({ kind: 'command', line: line.number, text: command });
}

function closeAll(readers: readonly ActiveReader[]): void {
  for (const reader of readers) reader.close();
}
