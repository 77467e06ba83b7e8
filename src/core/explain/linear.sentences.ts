import { virtualPage } from '#core/memory/address.ts';
import type { NumberLink } from '#core/session/contract.ts';
import type { ExplainInput } from './explain-input.ts';
import type { LinearWindow, SeenEntry, WindowPlace } from './linear-window.ts';
import { entryAddressIn, entryAt, linearWindows, seenAt } from './linear-window.ts';
import type { RankedSentence, RankedTitle, SentenceRule } from './sentence-rule.ts';
import { TELLS } from './sentence-rule.ts';
import { entryLink, machineText, say, sentence, stepSource, tableText, virtualLink, virtualText } from './words.ts';

function linear(input: ExplainInput): readonly RankedSentence[] {
  const windows = linearWindows(input);
  return [...windows.flatMap((window) => insideWindow(input, window)), ...windows.slice(0, 1).flatMap((window) => ownEntry(input, window))];
}

const entryName = (input: ExplainInput, height: number): string => input.mode.levels.at(-1 - height)?.entryName ?? 'entry';

/** "(C0000000 >> 12) × 8" added to the window’s start. */
function formula(input: ExplainInput, window: LinearWindow, entry: SeenEntry, va: string): string {
  const base = seenAt(input, window, { page: 0, height: entry.height });
  const shift = input.mode.levels.at(-1 - entry.height)?.lowBit ?? 12;
  return `${virtualText(input, base.page, base.offset)} + (${va} >> ${shift}) × ${input.mode.entryBytes}`;
}

// ── The selection lies in a window: which entry is it? ───────────────────────────────────────────────────────

function insideWindow(input: ExplainInput, window: LinearWindow): readonly RankedSentence[] {
  const { address } = input.translation;
  const entry = entryAt(input, window, address);
  if (!entry) return [];
  const name = entryName(input, entry.height);
  const start = seenAt(input, window, entry);
  const of = virtualLink(input, entry.page);
  const parts = say`${virtualText(input, start.page, start.offset)} is the ${name} of ${of}: ${formula(input, window, entry, of.text)}.`;
  return [sentence(TELLS.nature + 5, 'computed', parts), ...whetherItHolds(input, window, entry, start), ...throughLoop(input, window)];
}

/** Walks both the entry’s own address and the page it is the entry of: they must meet at one machine byte. */
function whetherItHolds(input: ExplainInput, window: LinearWindow, entry: SeenEntry, start: WindowPlace): readonly RankedSentence[] {
  const weight = TELLS.nature + 3;
  if (!window.held) return [sentence(weight, window.source, say`Not in this dump: the slots that would make this window are empty.`)];
  const machine = machineOf(input, start);
  const wanted = entryAddressIn(input, input.facts.translate({ page: virtualPage(entry.page), offset: 0 }), entry.height);
  if (machine === undefined)
    return [sentence(weight, 'walk', say`The walk does not get there: ${virtualLink(input, entry.page)} has no such entry here.`)];
  const at = machineLink(machine);
  if (machine === wanted) return [sentence(weight, 'both walks', say`It holds here: both walks meet at ${at}.`)];
  return [sentence(weight, 'both walks', say`It does not hold here: the walk ends at ${at}, an entry of a larger page or of another table.`)];
}

function machineOf(input: ExplainInput, at: WindowPlace): number | undefined {
  const { outcome } = input.facts.translate({ page: virtualPage(at.page), offset: at.offset });
  return outcome.kind === 'mapped' ? outcome.machineAddress : undefined;
}

const machineLink = (machine: number): NumberLink => ({
  text: machineText(machine),
  target: { kind: 'frame', frame: Math.floor(machine / 4096), offset: machine % 4096 },
});

/** The step at which the walk enters a table a second time: the loop itself. */
function throughLoop(input: ExplainInput, window: LinearWindow): readonly RankedSentence[] {
  const { steps } = input.translation;
  const loop = steps.find((step, index) => steps.slice(index + 1).some((below) => below.tableFrame === step.tableFrame));
  if (!loop) return [];
  const again = loop.tableFrame.toString(16);
  const parts = say`${tableText(input, loop)} slot ${loop.slot}, ${entryLink(input, loop)}, names frame ${again} again, one level down.`;
  return [sentence(TELLS.purpose - 4, window.held ? window.source : stepSource(input, loop), parts)];
}

// ── Wherever the selection lies: where is its own entry seen? ───────────────────────────────────────────────────

function ownEntry(input: ExplainInput, window: LinearWindow): readonly RankedSentence[] {
  const { address, steps } = input.translation;
  if (!window.held) return [];
  const leaf = steps.at(-1);
  const lowest = leaf?.isLeaf ? input.mode.levels.length - 1 - leaf.level : 0;
  const seen = [lowest, lowest + 1].filter((height) => height < input.mode.levels.length - (input.mode.id.startsWith('pae') ? 1 : 0));
  const links = seen.map((height) => ({ height, at: seenAt(input, window, { page: address.page, height }) }));
  const [first, second] = links;
  if (!first) return [];
  const rest = second ? say`, its ${entryName(input, second.height)} at ${virtualLink(input, second.at.page, second.at.offset)}` : [];
  const where = virtualLink(input, first.at.page, first.at.offset);
  const how = formula(input, window, { page: address.page, height: first.height }, 'VA');
  const parts = say`Its ${entryName(input, first.height)} is at ${where} = ${how}${rest}.`;
  return [sentence(TELLS.around + 6, window.source, parts), ...belowLeaf(input, window, lowest)];
}

/** Where a large page would have a lower entry, the window shows the page itself: its bytes are no entry. */
function belowLeaf(input: ExplainInput, window: LinearWindow, leafHeight: number): readonly RankedSentence[] {
  if (leafHeight === 0) return [];
  const { page, offset } = seenAt(input, window, { page: input.translation.address.page, height: leafHeight - 1 });
  const parts = say`It has no ${entryName(input, leafHeight - 1)}: at ${virtualLink(input, page, offset)}, where that would be seen, are bytes of the large page itself.`;
  return [sentence(TELLS.around + 2, window.source, parts)];
}

function title(input: ExplainInput): RankedTitle | undefined {
  const { address } = input.translation;
  for (const window of linearWindows(input)) {
    const entry = entryAt(input, window, address);
    if (entry) return { weight: 70, text: `linear page table: the ${entryName(input, entry.height)} of ${virtualText(input, entry.page)}` };
  }
  return undefined;
}

export default { sentences: linear, title } satisfies SentenceRule;
