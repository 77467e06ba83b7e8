import { bytesText, hex } from '#core/base/hex.ts';
import type { WalkOutcome } from '#core/session/contract.ts';
import type { ExplainInput } from './explain-input.ts';
import type { RankedSentence, RankedTitle, SentenceRule } from './sentence-rule.ts';
import { TELLS } from './sentence-rule.ts';
import { entryLink, frameLink, say, sentence, stepSource } from './words.ts';

type Mapped = Extract<WalkOutcome, { readonly kind: 'mapped' }>;

/** Registers every PC has at these machine addresses unless moved (Intel 82093AA, SDM 3A 11.4.1, IA-PC HPET specification). */
const PC_DEVICES: readonly { readonly frame: number; readonly name: string }[] = [
  { frame: 0xfec00, name: 'the I/O APIC’s usual place' },
  { frame: 0xfed00, name: 'the HPET’s usual place' },
  { frame: 0xfee00, name: 'the local APIC’s usual place' },
];

/** Where the bytes of a mapped page are, if not simply in the dump. */
function bytes(input: ExplainInput): readonly RankedSentence[] {
  const { outcome } = input.translation;
  if (outcome.kind !== 'mapped') return [];
  const note = input.facts.noteOf(outcome.frame);
  const copied = note ? [sentence(TELLS.place + 6, noteSource(note), noteParts(note, outcome.frame))] : [];
  return outcome.presence === 'absent' ? [...copied, ...absent(input, outcome)] : copied;
}

/** "(line 81)" at a note’s end is its source. */
const LINE_AT_END = /\s*\((lines? [^)]*)\)\.?$/;
const noteSource = (note: string): string => LINE_AT_END.exec(note)?.[1] ?? 'text';
const withoutLine = (note: string): string => note.replace(LINE_AT_END, '').replace(/\.$/, '');

/** The note begins with its frame; that number leads there. */
function noteParts(note: string, frame: number): RankedSentence['parts'] {
  const words = withoutLine(note);
  const beginning = `Frame ${hex(frame)}`;
  return words.startsWith(beginning) ? say`Frame ${frameLink(frame)}${words.slice(beginning.length)}.` : say`Frame ${frameLink(frame)}: ${words}.`;
}

const withoutRange = (reason: string): string => reason.replace(/\s*\([^)]*\)$/, '').replace(/^: /, ', ');

function absent(input: ExplainInput, outcome: Mapped): readonly RankedSentence[] {
  const leaf = input.translation.steps.at(-1);
  if (!leaf) return [];
  const reason = outcome.reason ? `: ${outcome.reason.replace(/\.$/, '')}` : '';
  if (!beyondMemory(input, outcome)) {
    return [sentence(TELLS.place + 4, 'bytes', say`Its bytes, frame ${frameLink(outcome.frame)}, are not in this dump${reason}.`)];
  }
  const where = outcome.machineAddress < input.image.end ? withoutRange(reason) : `, above the end of this image (${bytesText(input.image.end)})`;
  const parts = say`${entryLink(input, leaf)} points at ${hex(outcome.machineAddress)}${where}.`;
  return [sentence(TELLS.ending, stepSource(input, leaf), parts), ...device(input, outcome)];
}

/** Above all memory of the image, or in a gap of it where a PC has a device. */
function beyondMemory(input: ExplainInput, outcome: Mapped): boolean {
  if (input.image.text !== undefined) return false;
  return outcome.machineAddress >= input.image.end || PC_DEVICES.some((at) => at.frame === outcome.frame);
}

function device(input: ExplainInput, outcome: Mapped): readonly RankedSentence[] {
  const known = PC_DEVICES.find((at) => at.frame === outcome.frame);
  const uncached = isSet(input, 'PCD');
  if (!known) return uncached ? [sentence(TELLS.ending - 1, 'entry', say`PCD is set: a device, not RAM. No dump of RAM has it.`)] : [];
  const parts = say`${hex(known.frame)}000 is ${known.name}${uncached ? '; PCD is set' : ''}: no dump of RAM has it.`;
  return [sentence(TELLS.ending - 1, 'PC platform', parts)];
}

function isSet(input: ExplainInput, name: string): boolean {
  return input.translation.steps.at(-1)?.bits.some((bit) => bit.name === name && bit.value === 1) ?? false;
}

function title(input: ExplainInput): RankedTitle | undefined {
  const { outcome } = input.translation;
  if (outcome.kind !== 'mapped' || outcome.presence !== 'absent' || input.image.text !== undefined) return undefined;
  if (!beyondMemory(input, outcome)) return { weight: 30, text: 'mapped, but its bytes are not in this dump' };
  return { weight: 55, text: isSet(input, 'PCD') ? 'a device, not memory' : 'mapped beyond the end of this image' };
}

export default { sentences: bytes, title } satisfies SentenceRule;
