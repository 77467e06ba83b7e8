import { realpath } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import process from 'node:process';
import { type Command, Refusal, type Run } from '#cli/command.ts';
import { rootsOf } from '#cli/root-of.ts';
import { virtualOperand } from '#cli/virtual-operand.ts';
import { writeFile } from '#cli/write-file.ts';
import { bytesText, hex } from '#core/base/hex.ts';
import type { Progress, Task } from '#core/base/task.ts';
import type { RootChoice } from '#core/session/contract.ts';
import { type CapsuleWish, type ConversionTarget, capsule, wholeElf, wholeRaw } from '#core/session/conversion.ts';
import type { PlannedFile } from '#core/write/planned-file.ts';

const convert: Command = {
  name: 'convert',
  usage:
    'convert FILE --to elf|raw|capsule [--out OUT] [--root R[,R…]] [--mode M] [--cpu N] [--frames FIRST-LAST,…] [--pages VA+LENGTH,…] [--m2p] [--p2m] [--force]',
  summary:
    'writes the memory as a sparse ELF core, as raw memory, or a capsule: the page tables of roots and chosen frames alone, as a small ELF core',
  operands: [0, 0],
  run,
};
export default convert;

const ENDINGS: Readonly<Record<ConversionTarget, string>> = { elf: '.core.elf', raw: '.raw', capsule: '.capsule.elf' };

async function run(run: Run): Promise<void> {
  const { convert: options, json } = run.options;
  const target = targetOf(options.to);
  const { path = 'dump' } = run;
  const out = options.out ?? join(dirname(path), `${basename(path, extname(path))}${ENDINGS[target]}`);
  if (await isSame(path, out)) throw new Refusal(`${out} is the dump itself: give another name with --out.`);
  const plan = await planOf(run, target);
  if (!options.force) refuseAbsurd(plan, out);
  await writeFile(out, plan, options.force, progressTask());
  if (json) return run.out.line(JSON.stringify({ out, to: target, bytes: plan.size, stored: plan.storedBytes, notes: plan.notes }, undefined, 2));
  await run.out.line(`${out}: ${bytesText(plan.size)}, of which ${bytesText(plan.storedBytes)} stored`);
  for (const note of plan.notes) await run.out.line(note);
}

function targetOf(to: string | undefined): ConversionTarget {
  if (to === 'elf' || to === 'raw' || to === 'capsule') return to;
  throw new Refusal(to === undefined ? 'Say what to write with --to: elf, raw or capsule.' : `--to takes elf, raw or capsule, not “${to}”.`);
}

async function isSame(path: string, out: string): Promise<boolean> {
  const [one, other] = await Promise.all([path, out].map((file) => realpath(file).catch(() => undefined)));
  return one !== undefined && one === other;
}

async function planOf(run: Run, target: ConversionTarget): Promise<PlannedFile> {
  if (target === 'raw') return wholeRaw(run.session);
  return target === 'elf' ? wholeElf(run.session) : capsule(run.session, await wishOf(run));
}

async function wishOf(run: Run): Promise<CapsuleWish> {
  const { frames, pages, m2p, p2m } = run.options.convert;
  const roots = await rootsOf(run);
  const lost = roots.filter(({ held }) => !held);
  if (lost.length === roots.length)
    throw new Refusal(`The root at ${hex(lost[0]?.address ?? 0)} is not in this dump: there is nothing to put in a capsule.`);
  if (p2m && !run.session.opened.dump.frameNumbers) run.note('This dump lists no guest frames, so the capsule has no P2M.');
  if (m2p && !(roots[0] && (await run.session.m2p(roots[0])))) run.note('This root maps no M2P, so the capsule has none.');
  return { roots, m2p, p2m, ...(frames && { frames }), ...(pages && { pages: pages.map((page) => windowOf(page, roots)) }) };
}

function windowOf({ va, length }: { readonly va: string; readonly length: number }, [root]: readonly RootChoice[]): { first: number; count: number } {
  if (root === undefined) throw new Refusal('There is no root to read --pages by.');
  const { page, offset } = virtualOperand(va, root);
  return { first: page, count: Math.ceil((offset + length) / 4096) };
}

const LARGE = 256 * 2 ** 30;

/** One byte at a wild address makes terabytes of zeros. */
function refuseAbsurd({ size, storedBytes }: PlannedFile, out: string): void {
  if (size > LARGE && size > storedBytes * 4)
    throw new Refusal(
      `${out} would be ${bytesText(size)} long for ${bytesText(storedBytes)} of memory: --to elf leaves holes out, --force writes it.`,
    );
}

/** A line on a terminal's stderr, written over and over; nothing elsewhere. */
function progressTask(): Task {
  const { stderr } = process;
  let shown = -1;
  const report = ({ step, done, total = 0 }: Progress): void => {
    const percent = total === 0 ? 100 : Math.floor((done / total) * 100);
    if (!stderr.isTTY || percent === shown) return;
    shown = percent;
    stderr.write(`\r${step} ${bytesText(done)} of ${bytesText(total)}, ${percent} %\x1b[K${done === total ? '\r\x1b[K' : ''}`);
  };
  return { report, check: () => undefined };
}
