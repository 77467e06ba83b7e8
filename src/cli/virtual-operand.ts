import { parseVirtual } from '#core/base/hex.ts';
import { type VirtualAddress, virtualPage } from '#core/memory/address.ts';
import { pagingMode } from '#core/paging/modes.ts';
import type { RootChoice } from '#core/session/contract.ts';
import { Refusal } from './command.ts';

/** The VA a command was given, read in the root's mode. @throws Refusal where it is none. */
export function virtualOperand(text: string, root: RootChoice): VirtualAddress {
  const { virtualBits } = pagingMode(root.mode);
  const read = parseVirtual(text, virtualBits);
  if (!read) throw new Refusal(`“${text}” is no virtual address of ${virtualBits} bits.`);
  return { page: virtualPage(read.page), offset: read.offset };
}
