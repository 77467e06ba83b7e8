import { type Command, Refusal, type Run } from '#cli/command.ts';
import { fileJson } from '#cli/file-json.ts';
import { rootOf } from '#cli/root-of.ts';
import { commas, hex, virtualHex } from '#core/base/hex.ts';
import { pagingMode } from '#core/paging/modes.ts';
import { type FoundPage, fileText, type PfnSlip, type XenFacts } from '#core/session/contract.ts';
import type { M2pRun } from '#core/xen/m2p-runs.ts';
import type { StructField } from '#core/xen/struct-field.ts';

const xen: Command = {
  name: 'xen',
  usage: 'xen FILE [--root R] [--mode M] [--cpu N] [--limit N] [--json]',
  summary: 'what was found of Xen: P2M and M2P and how they agree, start_info, shared_info, the hypercall page',
  operands: [0, 0],
  run,
};
export default xen;

/** Runs of the M2P shown as text unless --limit says otherwise. */
const USUAL_RUNS = 60;

async function run(run: Run): Promise<void> {
  const root = await rootOf(run);
  const facts = await run.session.xen(root);
  if (!facts) throw new Refusal('Nothing under this root is Xen’s: no M2P is mapped, and the dump has no P2M.');
  if (run.options.json) return run.out.line(JSON.stringify(asJson(facts), undefined, 2));
  for (const line of asText(facts, pagingMode(root.mode).virtualBits, run.options.limit ?? USUAL_RUNS)) await run.out.line(line);
}

/** Keys are part of the command line's promise: add, never rename. */
const asJson = (facts: XenFacts): unknown => ({
  ...facts,
  ...(facts.startInfo && { startInfo: pageJson(facts.startInfo) }),
  ...(facts.sharedInfo && { sharedInfo: pageJson(facts.sharedInfo) }),
  ...(facts.hypercallPage && { hypercallPage: pageJson(facts.hypercallPage) }),
});

function pageJson(page: FoundPage): unknown {
  const { filePlace: _, ...rest } = page;
  return { ...rest, ...fileJson(page) };
}

function asText(facts: XenFacts, bits: number, limit: number): string[] {
  const { startInfo, sharedInfo, hypercallPage } = facts;
  return [
    ...facts.p2ms.map(({ source, count, highestPfn }) => `P2M            ${commas(count)} frames, PFN 0 to ${hex(highestPfn)}, by ${source}`),
    ...(facts.p2ms.length === 0 ? [`P2M            ${facts.isSaved ? SAVED : 'not found'}`] : []),
    ...facts.p2mDifferences.map(
      ({ pfn, count, mfns }) =>
        `  they differ  PFN ${hex(pfn)}${count > 1 ? `–${hex(pfn + count - 1)}` : ''}: ${mfns.map((mfn) => (mfn === undefined ? 'none' : `${hex(mfn)}${count > 1 ? ' and up' : ''}`)).join(', ')}`,
    ),
    ...m2pText(facts, bits, limit),
    ...checkText(facts),
    ...slipsText(facts, bits, limit),
    startInfo ? `start_info     ${pageText(startInfo, facts, bits)}, ${startInfo.wordBytes * 8}-bit` : 'start_info     not found',
    ...(startInfo?.fields ?? []).map(fieldText),
    sharedInfo ? `shared_info    ${pageText(sharedInfo, facts, bits)}` : 'shared_info    not found, or not in this dump',
    ...(sharedInfo?.fields ?? []).map(fieldText),
    hypercallPage ? `hypercall page ${pageText(hypercallPage, facts, bits)}` : 'hypercall page not found',
  ];
}

const SAVED = 'none: the frames of a saved guest are PFNs';

function pageText(page: FoundPage, { isSaved }: XenFacts, bits: number): string {
  const { seenAt } = page;
  return [frameText(page, isSaved), ...(seenAt ? [`at ${virtualHex(seenAt.page, seenAt.offset, bits)}`] : []), fileText(page)].join(', ');
}

/** "MFN 1a5, PFN 1a0". */
function frameText({ frame, guestFrame }: FoundPage, isSaved: true | undefined): string {
  if (frame === undefined) return 'a record of its own, no frame of the guest’s';
  if (isSaved) return `PFN ${hex(frame)}`;
  return `MFN ${hex(frame)}, ${guestFrame === undefined ? 'no PFN' : `PFN ${hex(guestFrame)}`}`;
}

const fieldText = ({ name, offset, value, meaning }: StructField): string =>
  `  +${hex(offset, 3)}  ${name.padEnd(34)} ${typeof value === 'number' ? hex(value) : `“${value}”`}  ${meaning}`;

function m2pText({ m2p, isSaved }: XenFacts, bits: number, limit: number): string[] {
  if (!m2p) return [`M2P            ${isSaved ? 'none' : 'not in this dump'}`];
  const at = virtualHex(m2p.seenAt.page, 0, bits);
  const holes = m2p.unmappedPages > 0 ? `, ${commas(m2p.unmappedPages)} are not mapped` : '';
  const more = m2p.runs.length > limit || m2p.runsCut ? [`  … more runs (--limit)`] : [];
  return [
    `M2P            at ${at}, ${commas(m2p.entries)} words of ${m2p.bytesPerWord} bytes; ${commas(m2p.heldPages)} of its ${commas(m2p.pages)} pages are in this dump${holes}`,
    ...m2p.runs.slice(0, limit).map(runText),
    ...more,
  ];
}

function runText({ firstMfn, lastMfn, value, step, kind }: M2pRun): string {
  const mfns = `MFN ${hex(firstMfn)}–${hex(lastMfn)}`.padEnd(24);
  if (kind === 'unknown') return `  ${mfns} not in this dump`;
  if (kind === 'unmapped') return `  ${mfns} not mapped: the table has a hole`;
  return `  ${mfns} ${hex(value, 8)}${step === 0 ? '' : step > 0 ? ' and up by one' : ' and down by one'}  ${kind}`;
}

function checkText({ check }: XenFacts): string[] {
  if (!check) return [];
  const { m2p, p2m } = check;
  return [
    `P2M against M2P  ${commas(p2m.agree)} agree, ${commas(p2m.disagree)} disagree, ${commas(p2m.unknown)} words not in this dump, ${commas(p2m.noFrame)} PFNs without a frame`,
    `M2P against P2M  ${commas(m2p.ours)} ours, ${commas(m2p.foreign)} of others, ${commas(m2p.stale)} stale, ${commas(m2p.invalid)} invalid, ${commas(m2p.shared)} shared, ${commas(m2p.debugFill)} of 55555555, ${commas(m2p.chunkFill)} of 77777777, ${commas(m2p.unknown)} not in this dump, ${commas(m2p.unmapped)} not mapped`,
    ...check.disagreements.map(
      ({ pfn, mfn, m2p: word, kind }) => `  PFN ${hex(pfn)} is MFN ${hex(mfn)}, but M2P[${hex(mfn)}] is ${hex(word, 8)}, ${kind}`,
    ),
  ];
}

function slipsText({ slips }: XenFacts, bits: number, limit: number): string[] {
  if (!slips) return [];
  const { counts, rows } = slips;
  const sure = counts.place + counts.table + counts.neighbour;
  return [
    `PFN for MFN    ${commas(slips.checked)} entries looked at: ${commas(sure)} hold a PFN where an MFN is due, ${commas(counts.number)} more might`,
    ...rows.slice(0, limit).map((row) => slipText(row, bits)),
    ...(slips.runs > Math.min(limit, rows.length) ? ['  … more (--limit)'] : []),
  ];
}

const WHY: Readonly<Record<PfnSlip['reason'], string>> = {
  place: 'the builder’s PFN for this address',
  table: 'there is a page table at that PFN',
  neighbour: 'the entries beside it lead to the PFNs beside it',
  number: 'no frame of the guest’s, but a PFN; may be chance',
};

function slipText({ page, tableName, firstSlot, entries, namesTable, pfn, meant, reason, m2p }: PfnSlip, bits: number): string {
  const slots = entries === 1 ? `slot ${firstSlot}` : `slots ${firstSlot}–${firstSlot + entries - 1}`;
  const holds = entries === 1 ? hex(pfn) : `${hex(pfn)} and up`;
  const kind = namesTable ? ', names a table' : '';
  return `  ${virtualHex(page.page, 0, bits)}  ${tableName} ${slots}${kind}: holds ${holds}, P2M[${hex(pfn)}] is MFN ${hex(meant)}; ${WHY[reason]}; M2P[${hex(pfn)}]: ${m2p}`;
}
