import { virtualHex } from '#core/base/hex.ts';
import type { Translation } from '#core/session/contract.ts';
import { type Accessor, type Finding, type Gate, nextPage, type VerdictGround } from './gates.ts';

/** What the page after has to say stands behind a word of its own. */
export function decidedByPages(ground: VerdictGround, accessor: Accessor, findings: readonly Finding[]): string {
  if (!ground.beyond || !findings.some(({ isBeyond, gate }) => isBeyond && gate.kind !== 'open')) return decidedBy(ground, accessor, findings);
  const [here, there] = [findings.filter(({ isBeyond }) => !isBeyond), findings.filter(({ isBeyond }) => isBeyond)];
  const words = here.length === 0 ? [] : [decidedBy(ground, accessor, here)];
  return [...words, `in the next page: ${decidedBy(nextPage(ground), accessor, there)}`].join('; ');
}

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
