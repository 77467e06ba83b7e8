import { Fields } from '#core/formats/fields.ts';
import type { FrameName, RootHint } from '#core/formats/format.ts';
import { FRAME_END, MACHINE_END } from '#core/memory/address.ts';
import type { Absence } from '#core/memory/memory-image.ts';
import { pagingModes } from '#core/paging/modes.ts';
import { gatherP2m, NO_FRAME, type P2m } from '#core/xen/frame-numbers.ts';
import type { Note } from './notes.ts';

/** Notes of ELF files that Pagewalk itself writes (core/write). The first is JSON, the second a P2M: an MFN of 4 bytes by PFN. */
export const MADE_NAME = 'PAGEWALK';
/** No type of another's: crash counts any note of type 1 as a CPU's NT_PRSTATUS, whoever owns it. */
export const MADE_FACTS = 0x5057_0001;
export const MADE_P2M = 0x5057_0002;

/** OS-specific bits of p_flags (gABI, PF_MASKOS) by which our files say what memory is that a segment does not store. */
export const PF_ZERO = 0x0010_0000;
export const PF_ASSUMED_ZERO = 0x0020_0000;

/** What Pagewalk says of an ELF file that it wrote, as it stands in the note. Addresses and lengths are bytes. */
export interface MadeFacts {
  /** "pagewalk 0.1.0". */
  readonly tool: string;
  readonly kind: 'elf' | 'capsule';
  /** The dump it was made of. */
  readonly source: { readonly name: string; readonly bytes: number; readonly fingerprint: string; readonly format: string };
  readonly frameWord: FrameName;
  /** What is in it, a sentence each. */
  readonly contents: readonly string[];
  /** Why memory is absent that the file neither holds nor speaks of; empty: nothing is known of it. */
  readonly rest: string;
  readonly roots: readonly RootHint[];
  /** Start, length, index of the reason. */
  readonly absences: readonly (readonly [number, number, number])[];
  readonly reasons: readonly string[];
}

const MOST_ROOTS = 4096;
const MOST_ABSENCES = 1_000_000;

/** Undefined where there is no such note, or it makes no sense. */
export function parseMadeFacts(notes: readonly Note[]): MadeFacts | undefined {
  const note = notes.find(({ name, type }) => name === MADE_NAME && type === MADE_FACTS);
  const read = note && asRecord(jsonOf(note.body));
  if (!read) return undefined;
  const source = asRecord(read['source']) ?? {};
  return {
    tool: text(read['tool']),
    kind: read['kind'] === 'capsule' ? 'capsule' : 'elf',
    source: { name: text(source['name']), bytes: count(source['bytes']), fingerprint: text(source['fingerprint']), format: text(source['format']) },
    frameWord: read['frameWord'] === 'MFN' || read['frameWord'] === 'PFN' ? read['frameWord'] : 'frame',
    contents: list(read['contents'], 100).map(text),
    rest: text(read['rest']),
    roots: list(read['roots'], MOST_ROOTS).flatMap(rootOf),
    absences: list(read['absences'], MOST_ABSENCES).map((row) => {
      const [start, length, reason] = list(row, 3);
      return [count(start), count(length), count(reason)];
    }),
    reasons: list(read['reasons'], MOST_ABSENCES).map(text),
  };
}

export const absencesOf = ({ absences, reasons }: MadeFacts): Absence[] =>
  absences.map(([start, length, reason]) => ({ start, end: Math.min(MACHINE_END, start + length), reason: reasons[reason] ?? 'not in this dump' }));

/** The P2M note, if there is one. */
export function parseMadeP2m(notes: readonly Note[]): P2m | undefined {
  const note = notes.find(({ name, type }) => name === MADE_NAME && type === MADE_P2M);
  if (!note) return undefined;
  const fields = new Fields(note.body);
  const mfns = Uint32Array.from({ length: Math.floor(note.body.length / 4) }, (_, pfn) => fields.u32(pfn * 4));
  const gathered = gatherP2m(
    Uint32Array.from(mfns, (mfn, pfn) => (mfn === NO_FRAME ? NO_FRAME : pfn)),
    mfns,
  );
  return { mfns: gathered.mfns, count: gathered.count, source: 'the P2M that Pagewalk carried over' };
}

function jsonOf(body: Uint8Array): unknown {
  try {
    return JSON.parse(utf8(body));
  } catch {
    return undefined;
  }
}

/** Notes are ASCII: the writer escapes all else. */
function utf8(body: Uint8Array): string {
  let text = '';
  for (let at = 0; at < body.length; at += 4096) text += String.fromCharCode(...body.subarray(at, at + 4096));
  return text;
}

const asRecord = (value: unknown): Readonly<Record<string, unknown>> | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Readonly<Record<string, unknown>>) : undefined;

const text = (value: unknown): string => (typeof value === 'string' ? value.slice(0, 4096) : '');
const count = (value: unknown): number => (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : 0);
const list = (value: unknown, most: number): readonly unknown[] => (Array.isArray(value) ? value.slice(0, most) : []);

/** Nothing where the address or the mode is none. */
function rootOf(value: unknown): RootHint[] {
  const read = asRecord(value) ?? {};
  const mode = pagingModes.find(({ id }) => id === read['mode']);
  const address = count(read['address']);
  if (mode === undefined || address >= MACHINE_END || address % mode.rootAlignment !== 0) return [];
  const cpu = asRecord(read['cpu']);
  return [
    {
      address,
      mode: mode.id,
      origin: text(read['origin']),
      reason: text(read['reason']),
      features: featuresOf(asRecord(read['features']) ?? {}),
      ...(cpu && { cpu: cpuOf(cpu) }),
    },
  ];
}

function featuresOf(read: Readonly<Record<string, unknown>>): RootHint['features'] {
  const bit = (name: string): boolean => read[name] === true;
  const physicalBits = Math.min(52, Math.max(32, count(read['physicalBits'])));
  return { pse: bit('pse'), nxe: bit('nxe'), wp: bit('wp'), smep: bit('smep'), smap: bit('smap'), physicalBits, known: bit('known') };
}

function cpuOf(read: Readonly<Record<string, unknown>>): NonNullable<RootHint['cpu']> {
  const register = (name: string): number => count(read[name]);
  return {
    index: Math.min(FRAME_END, register('index')),
    cr0: register('cr0'),
    cr3: register('cr3'),
    cr4: register('cr4'),
    ...(typeof read['inUserMode'] === 'boolean' && { inUserMode: read['inUserMode'] }),
  };
}
