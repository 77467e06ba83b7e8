import type { Command, Run } from '#cli/command.ts';
import { hex } from '#core/base/hex.ts';
import { pagingMode } from '#core/paging/modes.ts';
import { guessText, type RootChoice } from '#core/session/contract.ts';
import type { Session } from '#core/session/session.ts';

const roots: Command = {
  name: 'roots',
  usage: 'roots FILE [--limit N] [--json]',
  summary: 'looks for page-table roots in all of the memory, best first, with the reasons',
  operands: [0, 0],
  run,
};
export default roots;

async function run({ session, options, out }: Run): Promise<void> {
  const all = await named(session);
  const found = all.slice(0, options.limit ?? all.length);
  if (options.json) return out.line(JSON.stringify(found.map(asJson), undefined, 2));
  if (found.length === 0) await out.line('No root found: nothing here has page tables that hold together.');
  for (const root of found) await out.line(rootLine(root));
}

async function named(session: Session): Promise<readonly RootChoice[]> {
  await session.findRoots();
  return session.nameRoots();
}

const rootLine = ({ address, mode, origin, reason, verified, process }: RootChoice): string =>
  `${hex(address, 10)}  ${pagingMode(mode).label}  ${verified ? 'verified' : 'unsure'}  ${origin}: ${reason}${process ? ` ${guessText(process)}` : ''}`;

/** Keys are part of the command line's promise: add, never rename. Addresses are hex strings. */
const asJson = ({ address, mode, origin, reason, verified, cpu, process }: RootChoice): unknown => ({
  root: hex(address),
  mode,
  origin,
  verified: verified === true,
  reason,
  ...(cpu && { cpu: cpu.index }),
  ...(process && { process: { guess: true, ...process } }),
});
