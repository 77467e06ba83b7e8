import { commas, hex, virtualHex } from '#core/base/hex.ts';
import type { Problem } from '#core/base/problem.ts';
import type { Task } from '#core/base/task.ts';
import type { FormatOptions, FrameNote, OpenedDump, RootHint, TextPlacement } from '#core/formats/format.ts';
import { stopped } from '#core/formats/stopped.ts';
import type { ByteSource } from '#core/memory/byte-source.ts';
import type { PagingMode } from '#core/paging/mode.ts';
import { cutIntoFragments } from './fragments.ts';
import { inferPlacements } from './placement/infer.ts';
import type { TextRoot } from './placement/rule.ts';
import { TextMemory } from './placement/text-memory.ts';
import { grammars, readText } from './read-text.ts';
import type { TextReading } from './reading.ts';
import { type SourceText, sourceText } from './source-text.ts';
import { type SaidPage, textImage } from './text-image.ts';
import { modeOfRows } from './text-mode.ts';
import { namedRoots } from './text-roots.ts';
import { timeProblems } from './time-problems.ts';

/** A text larger than this is no paste; reading it whole would hold several times its size in memory. */
const LARGEST_TEXT = 64 * 1024 * 1024;

/** Xen's own words, its tools', its console's: then frames are the machine's. */
const XEN_WORDS = /\bxenctrl\b|\bxen_start_info\b|\(XEN\)|\bmfn\b|\bxc_(?:map|ptrace)|\bxl dump-core\b/i;

export async function openText(source: ByteSource, task: Task, options: FormatOptions): Promise<OpenedDump> {
  if (source.size > LARGEST_TEXT)
    return stopped(
      'text-too-large',
      `This text has ${commas(source.size)} bytes; texts are read up to ${commas(LARGEST_TEXT)}. Drop the part with the rows.`,
    );
  const text = sourceText(await source.read(0, source.size));
  const reading = readText(text.chars, (index) => {
    task.report({ step: 'reading the text', done: index, total: text.chars.length });
    task.check();
  });
  if (reading.rows.length === 0) return noRows(reading, text);
  return opened(reading, text, options);
}

function noRows(reading: TextReading, text: SourceText): OpenedDump {
  const labels = grammars.filter(({ order }) => order >= 20).map(({ label }) => label);
  const dump = stopped(
    'text-no-rows',
    `No row of printed memory was found in this text. Read are ${labels.slice(0, -1).join(', ')} and ${labels.at(-1)}.`,
  );
  return { ...dump, problems: [...dump.problems, ...placed(reading.problems(), text)] };
}

function opened(reading: TextReading, text: SourceText, options: FormatOptions): OpenedDump {
  const decoded = text.decode();
  const named = namedRoots(reading);
  const mode = named[0]?.mode ?? modeOfRows(reading);
  const fragments = cutIntoFragments(reading, (page) => page % mode.pageCount);
  const memory = new TextMemory(fragments, reading.printed);
  const { roots, placements } = inferPlacements(memory, mode, named, reading.annotations, options.placements);
  const notes = copyNotes(memory, mode, placements);
  return {
    image: textImage(framesOf(memory), fragments.wideZeros, reading.printed, text),
    roots: roots.map(hintOf),
    frameWord: XEN_WORDS.test(decoded) ? 'MFN' : 'frame',
    problems: placed(
      [...reading.problems(), ...timeProblems(memory, mode), ...unplacedProblem(placements), ...tooManyPages(memory, placements)],
      text,
    ),
    text: {
      text: decoded,
      placements,
      notes,
      annotations: reading.annotations,
      unplaced: textImage(unplacedPages(memory), [], reading.printed, text),
    },
  };
}

const framesOf = (memory: TextMemory): SaidPage[] => memory.frames().map((number) => ({ number, fragments: memory.fragmentsOfFrame(number) }));

const unplacedPages = (memory: TextMemory): SaidPage[] =>
  memory.pages.filter((page) => memory.frameOf(page) === undefined).map((number) => ({ number, fragments: memory.fragmentsOfPage(number) }));

function hintOf({ address, mode, origin, reason, features, cpu }: TextRoot): RootHint {
  return { address, mode: mode.id, origin, reason, features, ...(cpu === undefined ? {} : { cpu }) };
}

/** Problems carry indexes of the 8-bit text until here. */
function placed(problems: readonly Problem[], text: SourceText): Problem[] {
  return problems.map((problem) => (problem.fileOffset === undefined ? problem : { ...problem, fileOffset: text.fileOffset(problem.fileOffset) }));
}

/** Frames whose bytes are only known through a copy. */
function copyNotes(memory: TextMemory, mode: PagingMode, placements: readonly TextPlacement[]): FrameNote[] {
  return placements.flatMap(({ page, frame }): FrameNote[] => {
    const runs = memory.laidPage(page).runs.filter(({ fragment }) => fragment.copy !== undefined);
    const copy = runs[0]?.fragment.copy;
    if (frame === undefined || copy === undefined) return [];
    const bytes = runs.reduce((sum, { length }) => sum + length, 0);
    const at = virtualHex(copy.to.page % mode.pageCount, copy.to.offset, mode.virtualBits);
    return [
      {
        frame,
        note: `Frame ${hex(frame)} was not dumped. These ${commas(bytes)} bytes are the copy at ${at}, made by ${copy.by} (line ${copy.line}).`,
      },
    ];
  });
}

function unplacedProblem(placements: readonly TextPlacement[]): Problem[] {
  const unplaced = placements.filter(({ frame }) => frame === undefined);
  if (unplaced.length === 0) return [];
  const pages = unplaced.length === 1 ? '1 virtual page' : `${commas(unplaced.length)} virtual pages`;
  return [
    {
      kind: 'text-pages-unplaced',
      severity: 'note',
      text: `Nothing in the text tells the frame of ${pages} (first on line ${unplaced[0]?.lines[0] ?? 0}): they can be read by virtual address only, or given a frame by hand.`,
    },
  ];
}

function tooManyPages({ pages }: TextMemory, placements: readonly TextPlacement[]): Problem[] {
  const rest = pages.length - placements.length;
  if (rest <= 0) return [];
  const text = `The text speaks of ${commas(pages.length)} virtual pages. Frames are looked for only for the lowest ${commas(placements.length)}; the others can be read by virtual address.`;
  return [{ kind: 'text-too-many-pages', severity: 'loss', text }];
}
