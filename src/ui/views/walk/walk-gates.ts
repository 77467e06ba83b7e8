import type { PagingMode } from '#core/paging/mode.ts';
import { levelOf } from '#core/paging/modes.ts';
import type { RightWord, Translation, WalkStep } from '#core/session/contract.ts';

/** The four wires of the walk. */
export const WIRES = ['reach', 'write', 'user', 'fetch'] as const;
export type Wire = (typeof WIRES)[number];

/** What a wire meets at one column. `through`: it comes in live. */
export interface Gate {
  readonly kind: 'none' | 'open' | 'shut' | 'no-say';
  readonly through: boolean;
  /** False where nothing passes on: shut here or before. */
  readonly onward: boolean;
  readonly label: string;
}

const BIT: Readonly<Record<Exclude<Wire, 'reach'>, { readonly allows: string; readonly refuses: string; readonly meaning: string }>> = {
  write: { allows: 'RW 1', refuses: 'RW 0', meaning: 'read-only' },
  user: { allows: 'US 1', refuses: 'US 0', meaning: 'supervisor' },
  fetch: { allows: 'XD 0', refuses: 'XD 1', meaning: 'no fetch' },
};

/** The gates of every wire at every step, from the root down; a wire once shut stays dead. */
export function gatesOf(translation: Translation, mode: PagingMode): Readonly<Record<Wire, readonly Gate[]>> {
  const roomy = translation.steps.length <= 3;
  const reach = reachGates(translation, roomy);
  const right = (wire: Exclude<Wire, 'reach'>): readonly Gate[] => rightGates(translation, mode, wire, reach, roomy);
  return { reach, write: right('write'), user: right('user'), fetch: right('fetch') };
}

function reachGates(translation: Translation, roomy: boolean): readonly Gate[] {
  let live = true;
  return translation.steps.map((step) => {
    const through = live;
    live = live && step.present;
    if (step.presence === 'absent') return { kind: 'none', through, onward: false, label: '' };
    if (step.present) return { kind: 'open', through, onward: live, label: 'P 1' };
    const assumed = step.presence === 'assumed-zero';
    return { kind: 'shut', through, onward: false, label: assumed ? 'P 0, assumed' : roomy ? 'P 0: not present' : 'P 0' };
  });
}

function rightGates(
  translation: Translation,
  mode: PagingMode,
  wire: Exclude<Wire, 'reach'>,
  reach: readonly Gate[],
  roomy: boolean,
): readonly Gate[] {
  let live = true;
  return translation.steps.map((step, index) => {
    const through = live;
    const reached = reach[index]?.onward ?? false;
    live = live && reached && step[wire] !== 'refuses';
    return { ...gateAt(step, step[wire], wire, { through, reached, roomy, silent: silence(mode, step) }), through, onward: live };
  });
}

/** Why an entry without rights has no say. */
function silence(mode: PagingMode, step: WalkStep): string {
  return levelOf(mode, step.level).hasRights ? 'no say' : 'no say in PAE';
}

interface Circumstance {
  readonly through: boolean;
  readonly reached: boolean;
  readonly roomy: boolean;
  readonly silent: string;
}

function gateAt(step: WalkStep, word: RightWord, wire: Exclude<Wire, 'reach'>, at: Circumstance): Pick<Gate, 'kind' | 'label'> {
  if (!at.reached) return { kind: 'none', label: '' };
  if (word === 'no-say') return { kind: 'no-say', label: at.roomy || step.level > 0 ? at.silent : 'no say' };
  const bit = BIT[wire];
  if (word === 'allows') return { kind: at.through ? 'open' : 'no-say', label: bit.allows };
  return at.through ? { kind: 'shut', label: at.roomy ? `${bit.refuses}: ${bit.meaning}` : bit.refuses } : { kind: 'no-say', label: bit.refuses };
}
