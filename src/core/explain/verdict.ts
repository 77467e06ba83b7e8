import { virtualHex } from '#core/base/hex.ts';
import type { Layout } from '#core/layouts/layout.ts';
import type { PagingFeatures, PagingMode } from '#core/paging/mode.ts';
import { levelOf } from '#core/paging/modes.ts';
import type { Translation, Verdict, VerdictRow, WalkStep } from '#core/session/contract.ts';

/** Page-fault error code bits (SDM 3A 4.7, figure 4-12). */
const PROTECTION = 0x1;
const WRITE = 0x2;
const USER = 0x4;
const RESERVED = 0x8;
const FETCH = 0x10;

export type Access = 'read' | 'write' | 'fetch';

/** Who touches the page: rings 0, 1 and 2 are all supervisor to paging (SDM 3A 4.6). */
export interface Accessor {
  readonly who: string;
  readonly user: boolean;
  /** EFLAGS.AC set: lifts SMAP for explicit accesses. */
  readonly ac: boolean;
  /** True where a truncated segment limit stands before paging. */
  readonly limited: boolean;
}

/** What a verdict needs besides the walk. */
export interface VerdictGround {
  readonly translation: Translation;
  readonly mode: PagingMode;
  readonly features: PagingFeatures;
  readonly layout: Pick<Layout, 'rings' | 'segmentLimitPage'>;
  /** The CPU's, where the dump has it: only told, what it switches on is in `features`. */
  readonly cr4?: number;
}

const RING_3: Accessor = { who: 'ring 3', user: true, ac: false, limited: false };
const RING_0: Accessor = { who: 'ring 0', user: false, ac: false, limited: false };
const RING_0_AC: Accessor = { who: 'ring 0, AC set', user: false, ac: true, limited: false };
const XEN_PV_32: readonly Accessor[] = [
  { who: 'ring 0, Xen', user: false, ac: false, limited: false },
  { who: 'ring 1, guest kernel', user: false, ac: false, limited: true },
  { who: 'ring 3, user', user: true, ac: false, limited: true },
];

/** No segment limit is left in 64-bit mode; what only the guest's kernel may touch stands in the root of its kernel alone (reference 1.3). */
const XEN_PV_64: readonly Accessor[] = [
  { who: 'ring 0, Xen', user: false, ac: false, limited: false },
  { who: 'ring 3, guest', user: true, ac: false, limited: false },
];

/** The rows shown: by ring, and for SMAP a row more where AC changes the answer. */
function accessors(ground: VerdictGround): readonly Accessor[] {
  if (ground.layout.rings === 'xen-pv-32') return XEN_PV_32;
  if (ground.layout.rings === 'xen-pv-64') return XEN_PV_64;
  const { translation, features } = ground;
  const acMatters = features.smap && translation.outcome.kind === 'mapped' && translation.rights.user;
  return acMatters ? [RING_3, RING_0, RING_0_AC] : [RING_3, RING_0];
}

export function verdicts(ground: VerdictGround): readonly VerdictRow[] {
  return accessors(ground).map((accessor) => {
    const findings = [judge(ground, accessor, 'read'), judge(ground, accessor, 'write'), judge(ground, accessor, 'fetch')] as const;
    const [read, write, fetch] = findings;
    return { who: accessor.who, read: read.verdict, write: write.verdict, fetch: fetch.verdict, decidedBy: decidedBy(ground, accessor, findings) };
  });
}

/** Which gate shut. `entry` gates name a bit and the step that holds it. */
type Gate =
  | { readonly kind: 'open' }
  | { readonly kind: 'segment-limit' }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'not-present' }
  | { readonly kind: 'reserved'; readonly step: WalkStep }
  | { readonly kind: 'entry'; readonly bit: 'US 0' | 'RW 0' | 'XD 1'; readonly at: number | undefined }
  | { readonly kind: 'smap' }
  | { readonly kind: 'smep' };

export interface Finding {
  readonly verdict: Verdict;
  readonly gate: Gate;
}

/** One access judged in the CPU's own order: segment, then the entries from the root down, then the rights of the whole walk. */
export function judge(ground: VerdictGround, accessor: Accessor, access: Access): Finding {
  const { translation } = ground;
  const limit = ground.layout.segmentLimitPage;
  if (accessor.limited && limit !== undefined && translation.address.page >= limit) {
    return { verdict: { allowed: false, fault: '#GP' }, gate: { kind: 'segment-limit' } };
  }
  const reserved = translation.steps.find((step) => faultsForReserved(ground.mode, step));
  if (reserved) return refused(ground, accessor, access, PROTECTION | RESERVED, { kind: 'reserved', step: reserved });
  switch (translation.outcome.kind) {
    case 'mapped':
      return judgeRights(ground, accessor, access);
    case 'not-present':
      return refused(ground, accessor, access, 0, { kind: 'not-present' });
    default:
      return { verdict: { allowed: 'unknown' }, gate: { kind: 'unknown' } };
  }
}

/** Native PAE checks PDPTEs when CR3 is loaded, and that is past when a page is touched (SDM 3A 4.4.1). */
function faultsForReserved(mode: PagingMode, step: WalkStep): boolean {
  return step.present && step.reserved !== '' && levelOf(mode, step.level).hasRights;
}

/** SDM 3A 4.6.1: a whole translation exists; may this accessor use it? */
function judgeRights(ground: VerdictGround, accessor: Accessor, access: Access): Finding {
  const gate = accessor.user ? userGate(ground.translation, access) : supervisorGate(ground, accessor, access);
  return gate.kind === 'open' ? { verdict: { allowed: true }, gate } : refused(ground, accessor, access, PROTECTION, gate);
}

function userGate(translation: Translation, access: Access): Gate {
  const { rights } = translation;
  if (!rights.user) return { kind: 'entry', bit: 'US 0', at: translation.userRefusedAt };
  return entryGate(translation, access);
}

function supervisorGate(ground: VerdictGround, accessor: Accessor, access: Access): Gate {
  const { translation, features } = ground;
  const userPage = translation.rights.user;
  if (access === 'fetch') {
    const gate = entryGate(translation, access);
    return gate.kind === 'open' && userPage && features.smep ? { kind: 'smep' } : gate;
  }
  if (userPage && features.smap && !accessor.ac) return { kind: 'smap' };
  return access === 'write' && !features.wp ? { kind: 'open' } : entryGate(translation, access);
}

function entryGate(translation: Translation, access: Access): Gate {
  if (access === 'write' && !translation.rights.write) return { kind: 'entry', bit: 'RW 0', at: translation.writeRefusedAt };
  if (access === 'fetch' && !translation.rights.fetch) return { kind: 'entry', bit: 'XD 1', at: translation.fetchRefusedAt };
  return { kind: 'open' };
}

function refused(ground: VerdictGround, accessor: Accessor, access: Access, base: number, gate: Gate): Finding {
  const code = base | (access === 'write' ? WRITE : 0) | (accessor.user ? USER : 0);
  const fault = access === 'fetch' ? fetchFault(ground, code) : `#PF ${code.toString(16)}`;
  return { verdict: { allowed: false, fault }, gate };
}

/** The I bit is given only with SMEP, or with PAE-style paging and NXE (SDM 3A 4.7). Where neither is known, the code is not told. */
function fetchFault(ground: VerdictGround, code: number): string {
  const { features, mode } = ground;
  const tellsFetch = features.smep || (mode.entryBytes === 8 && features.nxe);
  if (!features.known && mode.entryBytes === 8) return '#PF';
  return `#PF ${(tellsFetch ? code | FETCH : code).toString(16)}`;
}

// ── In words ─────────────────────────────────────────────────────────────────────────────────────────────────

function decidedBy(ground: VerdictGround, accessor: Accessor, findings: readonly Finding[]): string {
  const shut = findings.filter((finding) => finding.gate.kind !== 'open');
  const byEntries = shut.flatMap((finding) => (finding.gate.kind === 'entry' ? [finding.gate.bit] : []));
  if (byEntries.length === shut.length && limitPassed(ground, accessor)) {
    return [...new Set(byEntries), `segment limit ${limitText(ground)} lets it pass`].join('; ');
  }
  return shut.length === 0 ? openWords(ground, accessor) : shutWords(ground, accessor, shut);
}

function limitPassed(ground: VerdictGround, accessor: Accessor): boolean {
  const limit = ground.layout.segmentLimitPage;
  if (!accessor.limited || accessor.user || limit === undefined) return false;
  // Worth a word only above the guest's own part, where one would expect the limit to stop it.
  return ground.translation.address.page < limit && ground.translation.region?.side === 'Xen';
}

/** Last byte inside the limit: F67FFFFF. */
function limitText(ground: VerdictGround): string {
  return virtualHex((ground.layout.segmentLimitPage ?? 1) - 1, 0xfff, ground.mode.virtualBits);
}

function openWords(ground: VerdictGround, accessor: Accessor): string {
  if (accessor.ac) return 'AC lifts SMAP';
  if (accessor.user) return `${openBits(ground, ['RW 1', 'US 1'])} at every level`;
  if (!ground.translation.rights.write) return 'CR0.WP is 0: R/W does not bind it';
  return `${openBits(ground, ['RW 1'])} at every level`;
}

const openBits = (ground: VerdictGround, bits: readonly string[]): string =>
  [...bits, ...(ground.mode.entryBytes === 8 && ground.features.nxe ? ['XD 0'] : [])].join(', ');

function shutWords(ground: VerdictGround, accessor: Accessor, shut: readonly Finding[]): string {
  const gates = shut.map((finding) => finding.gate);
  const first = gates[0] ?? { kind: 'open' };
  switch (first.kind) {
    case 'segment-limit':
      return `segment limit ${limitText(ground)}, before paging`;
    case 'unknown':
      return unknownWords(ground.translation);
    case 'not-present':
      return notPresentWords(ground.translation);
    case 'reserved':
      return `${bitsOnly(first.step.reserved)} in the ${first.step.tableName} entry`;
    default:
      return entryWords(ground, accessor, gates);
  }
}

/** "bits 13–20 reserved: #PF with RSVD" without what follows from it. */
const bitsOnly = (reserved: string): string => `reserved ${reserved.replace(/ reserved:.*$/, '')}`;

function unknownWords(translation: Translation): string {
  const { outcome } = translation;
  return outcome.kind === 'table-absent' ? `table ${outcome.frame.toString(16)} is not in this dump` : 'the entry is not in this dump';
}

function notPresentWords(translation: Translation): string {
  const last = translation.steps.at(-1);
  if (!last) return 'not present';
  return last.presence === 'assumed-zero' ? `${last.tableName} entry, if zero as assumed` : `P 0 in the ${last.tableName} entry`;
}

/** "RW 0 and XD 1 in the PDPT entry, CR0.WP 1". */
function entryWords(ground: VerdictGround, accessor: Accessor, gates: readonly Gate[]): string {
  const rules = [smapSmepWords(ground, accessor, gates), ...entryGroups(ground.translation, gates)];
  const writeBound = !accessor.user && gates.some((gate) => gate.kind === 'entry' && gate.bit === 'RW 0');
  return [...rules, writeBound ? 'CR0.WP 1' : ''].filter((words) => words !== '').join(', ');
}

function smapSmepWords(ground: VerdictGround, accessor: Accessor, gates: readonly Gate[]): string {
  const smap = gates.some((gate) => gate.kind === 'smap');
  const smep = gates.some((gate) => gate.kind === 'smep');
  if (accessor.ac) return smep ? 'AC lifts SMAP; SMEP stays' : 'AC lifts SMAP';
  const cr4 = ground.cr4 === undefined ? 'CR4' : `CR4 ${ground.cr4.toString(16)}`;
  if (smap && smep) return `SMAP and SMEP are on in ${cr4}`;
  return smap ? `SMAP is on in ${cr4}` : smep ? `SMEP is on in ${cr4}` : '';
}

function entryGroups(translation: Translation, gates: readonly Gate[]): readonly string[] {
  const bitsByStep = new Map<number | undefined, Set<string>>();
  for (const gate of gates) {
    if (gate.kind !== 'entry') continue;
    const bits = bitsByStep.get(gate.at) ?? new Set();
    bitsByStep.set(gate.at, bits.add(gate.bit));
  }
  return [...bitsByStep].map(([at, bits]) => {
    const step = at === undefined ? undefined : translation.steps[at];
    return `${[...bits].join(' and ')}${step ? ` in the ${step.tableName} entry` : ''}`;
  });
}
