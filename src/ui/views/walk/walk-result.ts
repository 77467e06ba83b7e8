import { commas, hex } from '#core/base/hex.ts';
import type { PagingMode } from '#core/paging/mode.ts';
import { fileFact, type ImageSummary, type Target, type Translation, type WalkOutcome } from '#core/session/contract.ts';
import { pageWord } from './walk-cut.ts';

/** One line of the last column. */
export interface ResultLine {
  readonly name: string;
  readonly value: string;
  /** In the number face. */
  readonly number?: boolean;
  readonly aside?: string;
  /** A hatched gap before the words: bytes that are not there. */
  readonly hatched?: boolean;
  /** Follows from a rule; no byte of the dump says it. */
  readonly expected?: number;
  readonly target?: Target;
  readonly title?: string;
}

export interface Result {
  readonly heading: string;
  readonly lines: readonly ResultLine[];
  /** A whole sentence, where the walk ended without a frame. */
  readonly reason?: string;
}

/** Where the walk ended: a frame and what is known of it, or the exact reason why not. */
export function resultOf(translation: Translation, mode: PagingMode, frameWord: ImageSummary['frameWord']): Result {
  const { outcome } = translation;
  if (outcome.kind === 'mapped') return { heading: pageWord(translation), lines: mappedLines(translation, outcome, mode, frameWord) };
  return { ...endedResult(translation, outcome, mode), lines: endedLines(translation, mode) };
}

type Mapped = Extract<WalkOutcome, { readonly kind: 'mapped' }>;

function mappedLines(translation: Translation, outcome: Mapped, mode: PagingMode, frameWord: ImageSummary['frameWord']): readonly ResultLine[] {
  const { pageFrame, pageFrames, frame, machineAddress } = outcome;
  const target: Target = { kind: 'frame', frame, offset: translation.address.offset };
  const span = pageFrames > 1 ? `${hex(pageFrame)}–${hex(pageFrame + pageFrames - 1)}` : hex(frame);
  return [
    { name: frameWord === 'MFN' ? 'machine' : 'physical', value: hex(machineAddress), number: true, target },
    { name: frameWord, value: span, number: true, target: { kind: 'frame', frame: pageFrame, offset: 0 } },
    ...guestLine(outcome),
    ...regionLine(translation),
    fileLine(outcome),
    ...entryLine(translation),
    { name: 'rights', value: rightsText(translation, mode), number: true, aside: rightsAside(translation) },
    ...cacheLine(translation),
  ];
}

/** The guest's own number of the frame, or that it has none. */
function guestLine({ guestFrame, noGuestFrame, expectedGuestFrame }: Mapped): readonly ResultLine[] {
  if (noGuestFrame !== undefined) return [{ name: 'PFN', value: 'none', title: noGuestFrame }];
  if (expectedGuestFrame !== undefined) return [{ name: 'PFN', value: '', expected: expectedGuestFrame, aside: 'expected' }];
  return guestFrame === undefined ? [] : [{ name: 'PFN', value: hex(guestFrame), number: true }];
}

function regionLine(translation: Translation): readonly ResultLine[] {
  return translation.region ? [{ name: 'region', value: translation.region.name, title: translation.region.why }] : [];
}

function fileLine(outcome: Mapped): ResultLine {
  switch (outcome.presence) {
    case 'held':
      return { value: 'held', ...fileFact(outcome), number: true };
    case 'zero':
      return { name: 'in file', value: 'zero, not stored' };
    case 'assumed-zero':
      return { name: 'in file', value: 'elided, assumed zero' };
    case 'absent':
      return { name: 'in file', value: '', aside: 'not dumped', hatched: true, title: outcome.reason ?? '' };
  }
}

/** Where the deciding entry itself was read; only a text has lines. */
function entryLine(translation: Translation): readonly ResultLine[] {
  const last = translation.steps.at(-1);
  if (last?.line === undefined) return [];
  const byte = last.fileOffset === undefined ? '' : `byte ${commas(last.fileOffset)} of the text`;
  return [{ name: 'entry', value: '', aside: `line ${last.line}`, title: byte }];
}

function rightsText(translation: Translation, mode: PagingMode): string {
  const { write, fetch } = translation.rights;
  return `r${write ? 'w' : '-'}${fetch || mode.entryBytes === 4 ? 'x' : '-'}`;
}

function isSet(translation: Translation, name: string): boolean {
  return translation.steps.at(-1)?.bits.some((bit) => bit.name === name && bit.value === 1) ?? false;
}

function rightsAside(translation: Translation): string {
  return `${translation.rights.user ? 'user' : 'supervisor'}${isSet(translation, 'G') ? ', global' : ''}`;
}

function cacheLine(translation: Translation): readonly ResultLine[] {
  if (isSet(translation, 'PCD')) return [{ name: 'cache', value: 'off', aside: 'PCD 1' }];
  return isSet(translation, 'PWT') ? [{ name: 'cache', value: 'write-through', aside: 'PWT 1' }] : [];
}

// ── Ended without a frame ────────────────────────────────────────────────────────────────────────────────────

function endedResult(translation: Translation, outcome: Exclude<WalkOutcome, Mapped>, mode: PagingMode): Pick<Result, 'heading' | 'reason'> {
  const level = mode.levels[outcome.level];
  switch (outcome.kind) {
    case 'not-present':
      return { heading: 'Not present', reason: `The ${level?.entryName ?? 'entry'} is ${notPresentWords(outcome.detail)}.` };
    case 'table-absent':
      return {
        heading: 'Table not in this dump',
        reason: sentence(`The ${level?.tableName ?? 'table'} at frame ${hex(outcome.frame)}: ${outcome.reason}`),
      };
    case 'entry-absent':
      return {
        heading: 'Entry not in this dump',
        reason: sentence(`The ${level?.entryName ?? 'entry'} at ${entryPlace(translation)}: ${outcome.reason}`),
      };
  }
}

const sentence = (text: string): string => (text.endsWith('.') ? text : `${text}.`);

function notPresentWords(detail: string): string {
  if (detail === 'assumed zero') return 'elided in the text: assumed zero';
  return detail === 'not zero' ? 'not zero, but P is clear' : 'held, and zero';
}

function entryPlace(translation: Translation): string {
  const last = translation.steps.at(-1);
  return last ? `${hex(last.tableFrame)}:${hex(last.entryAddress % 4096, 3)}` : 'the root';
}

function endedLines(translation: Translation, mode: PagingMode): readonly ResultLine[] {
  const presentSoFar = translation.steps.some((step) => step.present && mode.levels[step.level]?.hasRights);
  const soFar: ResultLine[] =
    presentSoFar && translation.outcome.kind !== 'not-present'
      ? [{ name: 'so far', value: rightsText(translation, mode), number: true, aside: translation.rights.user ? 'user' : 'supervisor' }]
      : [];
  return [...regionLine(translation), ...entryLine(translation), ...soFar];
}
