import { commas, hex, parseHex, parseVirtual } from '#core/base/hex.ts';
import type { TextAnnotation, TextPlace } from '#core/session/contract.ts';
import type { ExplainInput } from './explain-input.ts';
import type { RankedSentence, SentenceRule } from './sentence-rule.ts';
import { TELLS } from './sentence-rule.ts';
import { spanAt } from './spans.ts';
import { frameLink, say, sentence, virtualLink, virtualText } from './words.ts';

type Kind<K extends TextAnnotation['kind']> = Extract<TextAnnotation, { readonly kind: K }>;

/** What the text tells of the selected place besides its bytes: what was tried there, what came of it, and why. */
function fromText(input: ExplainInput): readonly RankedSentence[] {
  const told = input.facts.annotations.flatMap((at) => {
    if (at.kind === 'unreadable') return at.space === 'virtual' ? unreadPage(input, at) : unreadFrame(input, at);
    return at.kind === 'copy' ? (at.returned ? copied(input, at) : hung(input, at)) : [];
  });
  return [...told, ...shownFromOutside(input)];
}

// ── A debugger that could not read ───────────────────────────────────────────────────────────────────────────

function unreadPage(input: ExplainInput, at: Kind<'unreadable'>): readonly RankedSentence[] {
  const place = parseVirtual(at.digits, input.mode.virtualBits);
  if (place?.page !== input.translation.address.page) return [];
  const { outcome } = input.translation;
  if (outcome.kind !== 'mapped') return [];
  const reasons = [ignoresPs(input), asksForOwn(input)].filter((reason) => reason !== '');
  const source = `line ${at.line}`;
  if (reasons.length === 0) return [sentence(TELLS.purpose + 5, source, say`The debugger could not read it, though the walk ends in a frame.`)];
  const parts = say`gdb could not read it: its own walk ${reasons.join(', and ')}. The walk itself is fine.`;
  return [sentence(TELLS.purpose + 5, source, parts)];
}

/** gdbserver-xen’s map_domain_va_pae never tests PS (Xen 3.0.3, tools/libxc/xc_ptrace.c). */
function ignoresPs(input: ExplainInput): string {
  const { outcome } = input.translation;
  const isLarge = outcome.kind === 'mapped' && outcome.pageFrames > 1;
  return isLarge && input.mode.id === 'pae' && input.layout.rings !== 'native'
    ? `ignores PS in PAE mode, so takes ${hex(outcome.pageFrame)} for a table`
    : '';
}

function asksForOwn(input: ExplainInput): string {
  return isXens(input) ? 'maps it as the guest’s own, but it is Xen’s' : '';
}

/** The frame behind the selection belongs to the hypervisor: its part of the space, and no view of the guest’s tables. */
function isXens(input: ExplainInput): boolean {
  const { address, outcome } = input.translation;
  const span = spanAt(input, address.page);
  return outcome.kind === 'mapped' && span?.side === 'Xen' && span.role !== 'linear-page-table';
}

/** A machine frame that a tool could not map, where its digits are an address of the frame behind the selection, or the frame itself. */
function unreadFrame(input: ExplainInput, at: Kind<'unreadable'>): readonly RankedSentence[] {
  const value = parseHex(at.digits);
  const { outcome } = input.translation;
  if (value === undefined || outcome.kind !== 'mapped') return [];
  const asAddress = value % 4096 === 0 && value / 4096 === outcome.frame;
  if (!asAddress && value !== outcome.frame) return [];
  const slip = asAddress ? say`${hex(value)} is a machine address where a frame number, ${frameLink(outcome.frame)}, is meant. ` : [];
  const own = isXens(input) ? `Frame ${hex(outcome.frame)} is Xen’s (DOMID_XEN), so it is refused as the guest’s${asAddress ? ' too' : ''}.` : '';
  return [sentence(TELLS.alias - 2, `line ${at.line}`, say`${slip}${own}`)].filter(({ parts }) => parts.length > 0);
}

// ── Copies ───────────────────────────────────────────────────────────────────────────────────────────────────

const byteOf = ({ page, offset }: TextPlace): number => page * 4096 + offset;

function isIn(input: ExplainInput, start: TextPlace, length: number): boolean {
  const from = byteOf(input.translation.address) - byteOf(start);
  return from >= 0 && from < length;
}

/** The copy that came back: what is here, or where it went; and what it returned. */
function copied(input: ExplainInput, copy: Kind<'copy'>): readonly RankedSentence[] {
  const isTarget = isIn(input, copy.to, copy.length);
  if (!isTarget && !isIn(input, copy.from, copy.length)) return [];
  const from = virtualLink(input, copy.from.page, copy.from.offset);
  const to = virtualLink(input, copy.to.page, copy.to.offset);
  const what = isTarget
    ? say`${copy.by} put ${commas(copy.length)} bytes of ${from} here`
    : say`${copy.by} copied ${commas(copy.length)} bytes from here to ${to}`;
  const value = returnedValue(input, copy);
  const source = value ? `lines ${copy.line} and ${value.line}` : `line ${copy.line}`;
  const weight = isTarget ? TELLS.place - 2.5 : TELLS.around;
  return [sentence(weight, source, say`${what}. ${value ? valueWords(input, copy, value) : ''}`)];
}

function returnedValue(input: ExplainInput, copy: Kind<'copy'>): Kind<'value'> | undefined {
  const after = input.facts.annotations.find((at) => at.line > copy.line && (at.kind === 'value' || at.kind === 'command'));
  return after?.kind === 'value' ? after : undefined;
}

/** bcopy returns nothing: what gdb prints is EAX, where FreeBSD’s leaves destination minus source (reference 1.5 note 12). */
function valueWords(input: ExplainInput, copy: Kind<'copy'>, value: Kind<'value'>): string {
  const space = 2 ** 32;
  const difference = (((byteOf(copy.to) - byteOf(copy.from)) % space) + space) % space;
  const printed = ((Number(value.value) % space) + space) % space;
  if (input.mode.virtualBits !== 32 || printed !== difference) return '';
  const sum = `${virtualText(input, copy.to.page, copy.to.offset)} − ${virtualText(input, copy.from.page, copy.from.offset)}`;
  return `${value.name} = ${value.value} is no data: ${hex(difference)} = ${sum}, left in EAX.`;
}

/** A copy that did not come back from a place the segment limit keeps the guest from. */
function hung(input: ExplainInput, copy: Kind<'copy'>): readonly RankedSentence[] {
  if (!isIn(input, copy.from, copy.length)) return [];
  const limit = input.layout.segmentLimitPage;
  const source = `line ${copy.line}`;
  if (limit === undefined || copy.from.page < limit) return [sentence(TELLS.purpose, source, say`${copy.by} from here did not return.`)];
  const last = virtualText(input, limit - 1, 0xfff);
  const parts = say`${copy.by} from here hung: not paging, to which ring 1 is supervisor, but the segment limit ${last} stops it, with #GP. The debugger is not told.`;
  return [sentence(TELLS.nature + 4, source, parts)];
}

// ── Read all the same ────────────────────────────────────────────────────────────────────────────────────────

/** Beyond the segment limit and yet in the text: who printed it walked the tables from outside the guest. */
function shownFromOutside(input: ExplainInput): readonly RankedSentence[] {
  const { address, outcome, steps } = input.translation;
  const limit = input.layout.segmentLimitPage;
  const printed = input.image.inferences.find((inference) => inference.page === address.page && inference.lines.length > 0);
  if (limit === undefined || address.page < limit || !printed || outcome.kind !== 'mapped' || isXens(input)) return [];
  const [, first, ...below] = [...steps.map((step) => step.tableFrame), outcome.frame];
  if (first === undefined) return [];
  const names = [first, ...below].map((frame, index, all) => (frame === all[index - 1] ? `${hex(frame)} again` : hex(frame)));
  const parts = say`Read from outside all the same: dom0 walks in software, ${names.join(' → ')}, and no segment limit binds it. The guest itself cannot.`;
  return [sentence(TELLS.nature + 2, `line ${printed.lines[0] ?? 0}`, parts)];
}

export default { sentences: fromText } satisfies SentenceRule;
