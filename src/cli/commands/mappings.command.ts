import { type Command, Refusal, type Run } from '#cli/command.ts';
import { infoTlbLine } from '#cli/info-tlb.ts';
import { rootOf } from '#cli/root-of.ts';
import { bytesText, commas, hex, virtualHex } from '#core/base/hex.ts';
import { pagingMode } from '#core/paging/modes.ts';
import type { RootChoice } from '#core/session/contract.ts';
import { leaves } from '#core/session/leaves.ts';
import { type MappedRun, mappedRuns } from '#core/session/mapped-runs.ts';

const mappings: Command = {
  name: 'mappings',
  usage: 'mappings FILE [--root R] [--mode M] [--cpu N] [--format table|json|info-tlb] [--limit N]',
  summary: 'every mapping of a root, merged, or leaf by leaf as QEMU lists it',
  operands: [0, 0],
  run,
};
export default mappings;

/** A hostile table tree may describe 2^36 leaves: so many lines are more than anybody reads. */
const MOST_LINES = 100_000_000;

async function run(run: Run): Promise<void> {
  const root = await rootOf(run);
  if (!root.held) throw new Refusal(`The root at ${hex(root.address)} is not in this dump, so nothing can be listed.`);
  await list(run, root);
  const { absentTables, problems } = await run.session.atlas(root);
  if (absentTables > 0)
    run.note(`${commas(absentTables)} page ${absentTables === 1 ? 'table is' : 'tables are'} not in this dump: what they map is missing here.`);
  for (const { kind, text } of problems) if (kind !== 'tables-absent') run.note(text);
}

async function list(run: Run, root: RootChoice): Promise<void> {
  const format = run.options.json ? 'json' : (run.options.format ?? 'table');
  if (format === 'info-tlb') return tlb(run, root);
  if (format === 'table') return table(run, root);
  if (format === 'json') return json(run, root);
  throw new Refusal(`--format takes table, json or info-tlb, not “${format}”.`);
}

/** Writes a line per item until nobody reads or the limit is reached; then says so. */
async function each<T>(run: Run, items: Iterable<T>, line: (item: T, first: boolean) => string): Promise<void> {
  const most = run.options.limit ?? MOST_LINES;
  let count = 0;
  for (const item of items) {
    if (run.out.isGone) return;
    if (count === most) {
      await run.out.flush();
      throw new Refusal(`There are more than ${commas(most)} mappings; the list ends here (--limit).`);
    }
    await run.out.line(line(item, count++ === 0));
  }
}

async function tlb(run: Run, root: RootChoice): Promise<void> {
  const mode = pagingMode(root.mode);
  let beyond = 0;
  await each(run, leaves((await run.session.openRoot(root)).forest), (leaf) => {
    if (mode.entryBytes === 4 && leaf.frame >= FRAMES_4GB) beyond++;
    return infoTlbLine(mode, leaf);
  });
  if (beyond > 0) run.note(`${commas(beyond)} of these map memory above 4 GB (PSE-36); QEMU prints them without address bits 39:32.`);
}

const FRAMES_4GB = 2 ** 20;

async function table(run: Run, root: RootChoice): Promise<void> {
  const { virtualBits } = pagingMode(root.mode);
  const va = (page: number, offset: number): string => virtualHex(page, offset, virtualBits);
  await each(run, mappedRuns((await run.session.openRoot(root)).atlas), ({ page, pages, frame, rights, user, kind }) => {
    const bytes = bytesText(pages * 4096).padStart(9);
    return `${va(page, 0)}–${va(page + pages - 1, 4095)}  ${hex(frame * 4096, 10)}  ${bytes}  ${rights} ${user ? 'user' : 'sup '}${kind === 'loop' ? '  through a loop' : ''}`;
  });
}

/** Keys are part of the command line's promise: add, never rename. */
async function json(run: Run, root: RootChoice): Promise<void> {
  const { virtualBits, levels } = pagingMode(root.mode);
  const entryName = (level: number | undefined): string | null => (level === undefined ? null : (levels[level]?.entryName ?? null));
  const record = ({ page, pages, frame, rights, user, kind, leafBytes, ...lost }: MappedRun): string =>
    JSON.stringify({
      va: virtualHex(page, 0, virtualBits),
      bytes: pages * 4096,
      machine: hex(frame * 4096),
      rights,
      user,
      leafBytes,
      loop: kind === 'loop',
      refusedBy: { write: entryName(lost.writeLostAt), user: entryName(lost.userLostAt), fetch: entryName(lost.fetchLostAt) },
    });
  await run.out.line('[');
  await each(run, mappedRuns((await run.session.openRoot(root)).atlas), (item, first) => `${first ? ' ' : ','}${record(item)}`);
  await run.out.line(']');
}
