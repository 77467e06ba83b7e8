import { hex, parseHex } from '#core/base/hex.ts';
import type { Root } from '#core/paging/mode.ts';
import type { Questions } from '#core/session/contract.ts';

/** Numbers by which a frame may be looked up: the first two are the machine's, the last is the guest's. */
export const NUMBERS = { mfn: 'MFN', machine: 'machine address', pfn: 'PFN' } as const;
export type NumberKind = keyof typeof NUMBERS;

export type LookedUp = { readonly mfn: number } | { readonly fault: string };

interface Typed {
  readonly kind: NumberKind;
  readonly text: string;
  readonly root: Root;
  readonly lastMfn: number;
}

/** The machine frame that a typed number means, or in words why it means none. */
export async function lookUp(questions: Questions, { kind, text, root, lastMfn }: Typed): Promise<LookedUp> {
  const number = parseHex(text);
  if (number === undefined) return { fault: 'That is not a hexadecimal number.' };
  const found = kind === 'pfn' ? await frameOfGuest(questions, root, number) : { mfn: kind === 'machine' ? Math.floor(number / 4096) : number };
  if ('fault' in found || found.mfn <= lastMfn) return found;
  return { fault: `${slip(number, kind)}The table ends with MFN ${hex(lastMfn)}.` };
}

async function frameOfGuest(questions: Questions, root: Root, pfn: number): Promise<LookedUp> {
  const word = await questions.p2mWord(root, pfn);
  return word?.value === undefined ? { fault: `PFN ${hex(pfn)}: ${word?.meaning ?? 'no P2M was found'}.` } : { mfn: word.value };
}

/** The e-mail's own slip: a machine address where its frame is meant. */
const slip = (number: number, kind: NumberKind): string =>
  kind === 'mfn' && number % 4096 === 0 ? `${hex(number)} looks like a machine address; its frame is ${hex(number / 4096)}. ` : '';
