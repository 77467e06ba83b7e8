import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Accessor, VerdictGround } from '#core/explain/gates.ts';
import { judge } from '#core/explain/verdict.ts';
import { virtualPage } from '#core/memory/address.ts';
import type { PagingMode } from '#core/paging/mode.ts';
import { levelOf, pagingModes } from '#core/paging/modes.ts';
import type { RightWord, Translation, WalkStep } from '#core/session/contract.ts';
import { type ManualAccess, type ManualMachine, P, RW, US, verdictByTheManual, XD } from '../support/rights-manual.ts';

type Ground = Omit<VerdictGround, 'translation'>;

const word = (hasSay: boolean, allows: boolean): RightWord => (!hasSay ? 'no-say' : allows ? 'allows' : 'refuses');

function stepOf(machine: ManualMachine, { mode, features }: Ground, level: number): WalkStep {
  const entry = machine.entries[level] ?? { word: 0n, reserved: false, hasRights: false };
  const has = (bit: bigint): boolean => (entry.word & bit) !== 0n;
  const { tableName, entryName } = levelOf(mode, level);
  return {
    level,
    tableName,
    entryName,
    slot: 0,
    tableFrame: level,
    entryAddress: level * 4096,
    presence: 'held',
    low: Number(entry.word & 0xffffffffn),
    high: Number(entry.word >> 32n),
    bits: [],
    present: has(P),
    isLeaf: has(P) && level === machine.entries.length - 1,
    write: word(entry.hasRights, has(RW)),
    user: word(entry.hasRights, has(US)),
    fetch: word(entry.hasRights && machine.longEntries && features.nxe, !has(XD)),
    reserved: has(P) && entry.reserved ? 'bit 51 reserved: #PF with RSVD' : '',
  };
}

/** The machine's walk as a session would tell it: it ends at the first entry that is not present. */
function told(machine: ManualMachine, ground: Ground): Translation {
  const all = machine.entries.map((_, level) => stepOf(machine, ground, level));
  const missing = all.findIndex((step) => !step.present);
  const steps = missing < 0 ? all : all.slice(0, missing + 1);
  const refusedAt = (right: 'write' | 'user' | 'fetch'): number => steps.findIndex((step) => step[right] === 'refuses');
  const [write, user, fetch] = [refusedAt('write'), refusedAt('user'), refusedAt('fetch')];
  return {
    address: { page: virtualPage(0x12345), offset: 0 },
    mode: ground.mode.id,
    steps,
    outcome:
      missing < 0
        ? { kind: 'mapped', machineAddress: 0, frame: 0, pageFrame: 0, pageFrames: 1, presence: 'held' }
        : { kind: 'not-present', level: missing, detail: 'all zero' },
    rights: { write: write < 0, user: user < 0, fetch: fetch < 0 },
    ...(write >= 0 && { writeRefusedAt: write }),
    ...(user >= 0 && { userRefusedAt: user }),
    ...(fetch >= 0 && { fetchRefusedAt: fetch }),
    path: steps.slice(0, -1).map(() => 0),
    slot: 0,
  };
}

const features = fc.record({
  pse: fc.constant(true),
  nxe: fc.boolean(),
  wp: fc.boolean(),
  smep: fc.boolean(),
  smap: fc.boolean(),
  physicalBits: fc.constant(40),
  known: fc.constant(true),
});

const oneIn = (count: number): fc.Arbitrary<boolean> => fc.integer({ min: 1, max: count }).map((n) => n === 1);

/** Mostly present and open, so that whole walks are common. */
const entryBits = fc.record({ absent: oneIn(10), readOnly: oneIn(4), supervisor: oneIn(4), xd: oneIn(4), reserved: oneIn(20) });

function machineOf(mode: PagingMode): fc.Arbitrary<ManualMachine> {
  return fc.record({ list: fc.array(entryBits, { minLength: 1, maxLength: mode.levels.length }), features }).map(({ list, features: given }) => ({
    longEntries: mode.entryBytes === 8,
    features: given,
    entries: list.map(({ absent, readOnly, supervisor, xd, reserved }, level) => {
      const bits: readonly (readonly [boolean, bigint])[] = [
        [!absent, P],
        [!readOnly, RW],
        [!supervisor, US],
        // Without NXE bit 63 is reserved, not XD.
        [xd && mode.entryBytes === 8 && given.nxe, XD],
      ];
      return { word: bits.reduce((sum, [set, bit]) => (set ? sum | bit : sum), 0n), reserved, hasRights: levelOf(mode, level).hasRights };
    }),
  }));
}

const access: fc.Arbitrary<ManualAccess> = fc.record({
  kind: fc.constantFrom('read', 'write', 'fetch'),
  cpl: fc.constantFrom(0, 1, 3),
  ac: fc.boolean(),
});

describe.each(pagingModes)('$label', (mode) => {
  it('judges every ring and access as the manual does', () => {
    fc.assert(
      fc.property(machineOf(mode), access, (machine, tried) => {
        const ground: Ground = { mode, features: machine.features, layout: { rings: 'native' } };
        const accessor: Accessor = { who: 'someone', user: tried.cpl === 3, ac: tried.ac, limited: false };
        const { verdict } = judge({ ...ground, translation: told(machine, ground) }, accessor, tried.kind);
        expect(verdict).toEqual(verdictByTheManual(machine, tried));
      }),
      { numRuns: 2000 },
    );
  });

  it('lets no ring but 0 past a segment limit, whatever the entries say', () => {
    fc.assert(
      fc.property(machineOf(mode), access, (machine, tried) => {
        const ground: Ground = { mode, features: machine.features, layout: { rings: 'xen-pv-32', segmentLimitPage: 0x12345 } };
        const guest: Accessor = { who: 'ring 1', user: false, ac: false, limited: true };
        expect(judge({ ...ground, translation: told(machine, ground) }, guest, tried.kind).verdict).toEqual({ allowed: false, fault: '#GP' });
      }),
      { numRuns: 100 },
    );
  });
});
