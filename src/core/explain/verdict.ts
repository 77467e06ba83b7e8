import { FRAME_BYTES } from '#core/memory/address.ts';
import type { PagingMode } from '#core/paging/mode.ts';
import { levelOf } from '#core/paging/modes.ts';
import type { Translation, VerdictRow, WalkStep } from '#core/session/contract.ts';
import { type Access, type Accessor, type Finding, type Gate, nextPage, type VerdictGround } from './gates.ts';
import { decidedByPages } from './verdict-words.ts';

/** Page-fault error code bits (SDM 3A 4.7, figure 4-12). */
const PROTECTION = 0x1;
const WRITE = 0x2;
const USER = 0x4;
const RESERVED = 0x8;
const FETCH = 0x10;

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
    const [read, write, fetch] = [judgeAll(ground, accessor, 'read'), judgeAll(ground, accessor, 'write'), judgeAll(ground, accessor, 'fetch')];
    const words = decidedByPages(ground, accessor, [read, write, fetch]);
    return { who: accessor.who, read: read.verdict, write: write.verdict, fetch: fetch.verdict, decidedBy: words };
  });
}

/** Both pages of an access that crosses a boundary: the lower one is walked first. */
function judgeAll(ground: VerdictGround, accessor: Accessor, access: Access): Finding {
  const first = judge(ground, accessor, access);
  return first.gate.kind !== 'open' || !ground.beyond ? first : { ...judge(nextPage(ground), accessor, access), isBeyond: true };
}

/** One access judged in the CPU's own order: segment, then the entries from the root down, then the rights of the whole walk. */
export function judge(ground: VerdictGround, accessor: Accessor, access: Access): Finding {
  const { translation } = ground;
  const limit = ground.layout.segmentLimitPage;
  // The CPU checks the last byte against the limit before it walks (SDM 3A 5.3).
  if (accessor.limited && limit !== undefined && lastPage(ground) >= limit) {
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

/** Page of the last byte touched. */
const lastPage = ({ translation: { address }, accessBytes = 1 }: VerdictGround): number =>
  address.page + Math.floor((address.offset + accessBytes - 1) / FRAME_BYTES);

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
