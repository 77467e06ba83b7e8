import { bytesText } from '#core/base/hex.ts';
import type { Problem } from '#core/base/problem.ts';
import type { FrameName } from '#core/formats/format.ts';
import type { Extent } from '#core/memory/extents.ts';
import type { P2m } from '#core/xen/frame-numbers.ts';
import type { FoundRoots } from './found-roots.ts';
import { absencesOf, type MadeFacts, parseMadeFacts, parseMadeP2m } from './made-note.ts';
import type { Note } from './notes.ts';

/** What an ELF file that Pagewalk itself wrote says more than others do. */
export interface MadeByUs {
  readonly roots: FoundRoots;
  readonly frameWord: FrameName;
  /** Memory that the dump it was made of lacks, with that dump's reasons. */
  readonly extents: readonly Extent[];
  /** Why memory is absent of which nothing else says. */
  readonly whyAbsent?: () => string;
  readonly frameNumbers?: P2m;
}

/** Undefined for the files of others. */
export function madeByUs(notes: readonly Note[]): MadeByUs | undefined {
  const facts = parseMadeFacts(notes);
  if (!facts) return undefined;
  const frameNumbers = parseMadeP2m(notes);
  const { rest } = facts;
  return {
    roots: { roots: facts.roots, problems: [origin(facts)] },
    frameWord: facts.frameWord,
    extents: absencesOf(facts).map(({ start, end, reason }): Extent => ({ start, length: end - start, presence: 'absent', reason })),
    ...(rest !== '' && { whyAbsent: () => rest }),
    ...(frameNumbers && { frameNumbers }),
  };
}

function origin({ kind, tool, source, contents }: MadeFacts): Problem {
  const what = kind === 'capsule' ? 'a capsule: only part of a dump' : 'a dump written anew';
  const from = `${source.name}, ${bytesText(source.bytes)}, ${source.format}, print ${source.fingerprint.slice(0, 16)}`;
  return { kind: `made-${kind}`, text: `This is ${what}, made by ${tool} from ${from}. ${contents.join(' ')}`.trim(), severity: 'note' };
}
