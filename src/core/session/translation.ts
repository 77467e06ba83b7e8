import type { VirtualAddress } from '#core/memory/address.ts';
import type { MemoryImage } from '#core/memory/memory-image.ts';
import { type EntryShape, isLeaf, NO_FETCH, NO_USER, NO_WRITE } from '#core/paging/entry.ts';
import { entryBits, reservedText } from '#core/paging/entry-bits.ts';
import type { Level } from '#core/paging/mode.ts';
import { levelOf } from '#core/paging/modes.ts';
import { type Step, type Walk, walk } from '#core/tables/walk.ts';
import type { Region, RightWord, Translation, WalkOutcome, WalkStep } from './contract.ts';
import type { OpenedRoot } from './opened-root.ts';
import { presenceOf } from './presence-of.ts';

/** The walk of one virtual address with all that is worth showing of each step. */
export function translation(image: MemoryImage, root: OpenedRoot, address: VirtualAddress, region: Region | undefined): Translation {
  const walked = walk(root.forest, address.page);
  const last = walked.steps.at(-1);
  return {
    address,
    mode: root.mode.id,
    steps: walked.steps.map((step) => walkStep(image, root, step)),
    outcome: outcomeOf(image, root, walked, address),
    rights: { write: !(walked.lost & NO_WRITE), user: !(walked.lost & NO_USER), fetch: !(walked.lost & NO_FETCH) },
    ...refusals(walked),
    path: walked.steps.slice(0, -1).map((step) => step.slot),
    slot: last?.slot ?? 0,
    ...(region && { region }),
  };
}

function refusals(walked: Walk): Pick<Translation, 'writeRefusedAt' | 'userRefusedAt' | 'fetchRefusedAt'> {
  const first = (right: number): number => walked.steps.findIndex((step) => (step.lost & right) !== 0);
  const [write, user, fetch] = [first(NO_WRITE), first(NO_USER), first(NO_FETCH)];
  return { ...(write >= 0 && { writeRefusedAt: write }), ...(user >= 0 && { userRefusedAt: user }), ...(fetch >= 0 && { fetchRefusedAt: fetch }) };
}

/** Machine address of an entry: a PAE root begins within its frame. */
export function entryAddress(root: OpenedRoot, table: number, slot: number): number {
  const start = table === 0 ? root.choice.address : root.forest.store.frame(table) * 4096;
  return start + slot * root.mode.entryBytes;
}

function walkStep(image: MemoryImage, root: OpenedRoot, step: Step): WalkStep {
  const level = levelOf(root.mode, step.level);
  const shape = root.forest.shapes[step.level];
  if (!shape) throw new Error('a step is below the last level');
  const { low, high } = step.entry;
  const at = entryAddress(root, step.table, step.slot);
  const frame = root.forest.store.frame(step.table);
  const known = presenceOf(image, at);
  const present = step.entry.presence === 'held' && (low & 1) !== 0;
  const seenAt = root.seenAt(frame, at % 4096);
  return {
    level: step.level,
    tableName: level.tableName,
    entryName: level.entryName,
    slot: step.slot,
    tableFrame: frame,
    entryAddress: at,
    ...(known.fileOffset !== undefined && { fileOffset: known.fileOffset }),
    ...(known.line !== undefined && { line: known.line }),
    ...(seenAt && { seenAt }),
    presence: known.presence,
    low,
    high,
    bits: entryBits(root.mode, level, shape, low, high),
    present,
    isLeaf: present && isLeaf(shape, low),
    ...rightWords(level, shape, present, step.lost),
    reserved: present ? reservedText(root.mode, level, shape, root.forest.features, low, high) : '',
  };
}

function rightWords(level: Level, shape: EntryShape, present: boolean, lost: number): Pick<WalkStep, 'write' | 'user' | 'fetch'> {
  const word = (right: number, hasSay: boolean): RightWord => (!present || !hasSay ? 'no-say' : (lost & right) !== 0 ? 'refuses' : 'allows');
  return { write: word(NO_WRITE, level.hasRights), user: word(NO_USER, level.hasRights), fetch: word(NO_FETCH, shape.hasXd) };
}

function outcomeOf(image: MemoryImage, root: OpenedRoot, walked: Walk, address: VirtualAddress): WalkOutcome {
  const { end } = walked;
  const level = Math.max(0, walked.steps.length - 1);
  if (end.kind === 'mapped') {
    const machineAddress = end.frame * 4096 + address.offset;
    return { ...end, machineAddress, ...presenceOf(image, machineAddress) };
  }
  if (end.kind === 'table-absent') {
    return {
      kind: 'table-absent',
      level: walked.steps.length,
      frame: end.frame,
      reason: presenceOf(image, end.frame * 4096).reason ?? 'its table was not read',
    };
  }
  if (end.kind === 'entry-absent') return { kind: 'entry-absent', level, reason: absentEntryReason(image, root, walked) };
  return { kind: 'not-present', level, detail: notPresentDetail(walked.steps.at(-1)) };
}

function absentEntryReason(image: MemoryImage, root: OpenedRoot, walked: Walk): string {
  const last = walked.steps.at(-1);
  return (last && presenceOf(image, entryAddress(root, last.table, last.slot)).reason) ?? 'not in this dump';
}

function notPresentDetail(step: Step | undefined): string {
  if (step?.entry.presence === 'assumed-zero') return 'assumed zero';
  return step && (step.entry.low !== 0 || step.entry.high !== 0) ? 'not zero' : 'all zero';
}
