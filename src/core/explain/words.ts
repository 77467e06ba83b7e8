import { hex, hexWord64, virtualHex } from '#core/base/hex.ts';
import { virtualPage } from '#core/memory/address.ts';
import type { NumberLink, Sentence, TablePath, WalkStep } from '#core/session/contract.ts';
import type { EntryFact, ExplainInput } from './explain-input.ts';
import type { RankedSentence } from './sentence-rule.ts';

type Part = string | number | NumberLink | readonly (string | NumberLink)[];

/** Parts of a sentence from a template: text, numbers as they are, links, and lists of both. */
export function say(texts: TemplateStringsArray, ...values: readonly Part[]): Sentence['parts'] {
  const parts: (string | NumberLink)[] = [];
  texts.forEach((text, index) => {
    const value = values[index];
    parts.push(text);
    if (Array.isArray(value)) parts.push(...value);
    else if (value !== undefined) parts.push(typeof value === 'number' ? String(value) : (value as string | NumberLink));
  });
  return joined(parts);
}

/** Neighbouring words become one string, empty ones go: what is shown compares and tests easily. */
function joined(parts: readonly (string | NumberLink)[]): (string | NumberLink)[] {
  const out: (string | NumberLink)[] = [];
  for (const part of parts) {
    const last = out.at(-1);
    if (typeof part === 'string' && typeof last === 'string') out[out.length - 1] = last + part;
    else if (part !== '') out.push(part);
  }
  return out;
}

export function sentence(weight: number, source: string, parts: Sentence['parts']): RankedSentence {
  return { weight, source, parts };
}

/** "A", "A and B", "A, B and C". */
export function listed(items: readonly NumberLink[]): readonly (string | NumberLink)[] {
  return items.flatMap((item, index) => [index === 0 ? '' : index === items.length - 1 ? ' and ' : ', ', item]);
}

export function virtualText(input: Pick<ExplainInput, 'mode'>, page: number, offset = 0): string {
  return virtualHex(page, offset, input.mode.virtualBits);
}

export function virtualLink(input: Pick<ExplainInput, 'mode'>, page: number, offset = 0): NumberLink {
  return { text: virtualText(input, page, offset), target: { kind: 'virtual', address: { page: virtualPage(page), offset } } };
}

export function frameLink(frame: number): NumberLink {
  return { text: hex(frame), target: { kind: 'frame', frame, offset: 0 } };
}

/** A machine byte as frame:offset, "fb14e:008". */
export function machineText(address: number): string {
  return `${hex(Math.floor(address / 4096))}:${hex(address % 4096, 3)}`;
}

/** An entry as it stands, without leading zeros: "fbc000e1". */
export function wordText(entry: Pick<EntryFact, 'low' | 'high'>): string {
  return hexWord64(entry.high, entry.low, 1);
}

/** The raw entry of a step; leads to its row in the tree. */
export function entryLink(input: ExplainInput, step: WalkStep): NumberLink {
  return { text: wordText(step), target: { kind: 'table', path: pathOf(input, step), slot: step.slot } };
}

/** Slots that lead to the table which holds this step's entry. */
export function pathOf(input: ExplainInput, step: WalkStep): TablePath {
  const { steps } = input.translation;
  return steps.slice(0, steps.indexOf(step)).map((above) => above.slot);
}

/** "PDPT" for the root, else "PD[3]": the table by the slot that leads to it. */
export function tableText(input: ExplainInput, step: WalkStep): string {
  const slot = pathOf(input, step).at(-1);
  return slot === undefined ? step.tableName : `${step.tableName}[${slot}]`;
}

/** Where an entry was read: its line in a text, else its table and slot. */
export function stepSource(input: ExplainInput, step: WalkStep): string {
  return step.line === undefined ? `${tableText(input, step)} slot ${step.slot}` : `line ${step.line}`;
}

export function slotsText(first: number, last: number): string {
  if (first === last) return `slot ${first}`;
  return last === first + 1 ? `slots ${first} and ${last}` : `slots ${first}–${last}`;
}

const SMALL = ['no', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten'] as const;

/** Small counts in words, as one says them. */
export function countWord(count: number): string {
  return SMALL[count] ?? String(count);
}

export const capitalised = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
