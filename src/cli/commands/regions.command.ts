import { type Command, Refusal, type Run } from '#cli/command.ts';
import { rootOf } from '#cli/root-of.ts';
import { bytesText, hex, virtualHex } from '#core/base/hex.ts';
import { type Stretch, stretchesOf } from '#core/memory/stretches.ts';
import { pagingMode } from '#core/paging/modes.ts';
import { type AtlasSummary, type ImageSummary, presentText, type Region, type RegionChoice } from '#core/session/contract.ts';

const regions: Command = {
  name: 'regions',
  usage: 'regions FILE [--root R] [--mode M] [--cpu N] [--limit N] [--json]',
  summary: 'machine memory that the dump holds and lacks, and the regions of a root’s virtual memory by the layout that fits best',
  operands: [0, 0],
  run,
};
export default regions;

/** Stretches of machine memory shown as text unless --limit says otherwise: a dump of scattered pages has many thousands. */
const USUAL_STRETCHES = 1000;
/** More are no list any more. */
const MOST_STRETCHES = 1_000_000;

async function run(run: Run): Promise<void> {
  const image = await run.session.summary();
  const { stretches, isCut } = firstStretches(run);
  const atlas = await atlasOf(run, image);
  if (run.options.json) return run.out.line(JSON.stringify(asJson(image, stretches, isCut, atlas), undefined, 2));
  for (const line of machineText(image, stretches)) await run.out.line(line);
  if (isCut) await run.out.line('  … more (--limit)');
  for (const line of atlas ? virtualText(atlas) : []) await run.out.line(line);
}

function firstStretches({ session, options }: Run): { readonly stretches: readonly Stretch[]; readonly isCut: boolean } {
  const most = options.limit ?? (options.json ? MOST_STRETCHES : USUAL_STRETCHES);
  const stretches: Stretch[] = [];
  for (const stretch of stretchesOf(session.opened.dump.image)) {
    if (stretches.length === most) return { stretches, isCut: true };
    stretches.push(stretch);
  }
  return { stretches, isCut: false };
}

/** Undefined, and a note, where the dump names no root and none was given. */
async function atlasOf(run: Run, { roots }: ImageSummary): Promise<AtlasSummary | undefined> {
  const { root, cpu } = run.options;
  if (roots.length === 0 && root === undefined && cpu === undefined) {
    run.note('This dump names no root, so no virtual memory is listed. Run “pagewalk roots FILE” to find one, then give it with --root (hex).');
    return undefined;
  }
  const chosen = await rootOf(run);
  if (!chosen.held) throw new Refusal(`The root at ${hex(chosen.address)} is not in this dump, so its regions are not known.`);
  const atlas = await run.session.atlas(chosen);
  for (const { text } of atlas.problems) run.note(text);
  return atlas;
}

function machineText(image: ImageSummary, stretches: readonly Stretch[]): string[] {
  return [
    `machine memory: ${bytesText(image.heldBytes)} held, up to ${hex(Math.max(0, image.end - 1))}`,
    ...stretches.map((stretch) => `  ${hex(stretch.start, 9)}–${hex(stretch.end - 1, 9)}  ${sizeText(stretch)}  ${wordOf(stretch)}`),
    ...(image.regions ? fileText(image.regions) : []),
  ];
}

const sizeText = ({ start, end }: Stretch): string => bytesText(end - start).padStart(12);

const wordOf = ({ presence, reason, isHole }: Stretch): string =>
  reason === undefined ? presence : `${(isHole ? 'hole' : presence).padEnd(6)}  ${reason}`;

/** Raw memory: where its parts were taken to lie, by what evidence, and what else they may be. */
function fileText({ regions: taken, reason, presets }: RegionChoice): string[] {
  return [
    `bytes of the file: ${reason}`,
    ...taken.map(({ start, fileOffset, length }) => `  ${hex(length, 9)} bytes from byte ${hex(fileOffset, 9)} at ${hex(start, 9)}`),
    ...(presets.length < 2 ? [] : presets.map((preset) => `  ${isTaken(preset.regions, taken) ? 'taken     ' : 'may also be'}  ${preset.label}`)),
  ];
}

const isTaken = (preset: RegionChoice['regions'], taken: RegionChoice['regions']): boolean => JSON.stringify(preset) === JSON.stringify(taken);

function virtualText({ root, layout, regions: list }: AtlasSummary): string[] {
  const mode = pagingMode(root.mode);
  const why = layout.reasons.join('; ') || 'nothing in this root speaks for a layout';
  const names = Math.max(0, ...list.map(({ name }) => name.length));
  const sides = Math.max(0, ...list.map(({ side }) => side.length));
  return [
    `virtual memory of root ${hex(root.address)}, ${mode.label}: ${layout.label} (${why})`,
    ...[...list].reverse().map((region) => `  ${regionText(region, mode.virtualBits, names, sides)}`),
  ];
}

function regionText(region: Region, bits: number, names: number, sides: number): string {
  const { firstPage, pageCount, name, side, reserved, rights } = region;
  const present = `${presentText(region)}${reserved ? ` of ${bytesText(pageCount * 4096)}` : ''}`;
  const span = `${virtualHex(firstPage, 0, bits)}–${virtualHex(firstPage + pageCount - 1, 0xfff, bits)}`;
  return `${span}  ${name.padEnd(names)}  ${side.padEnd(sides)}  ${rights}  ${present}`;
}

/** Keys are part of the command line's promise: add, never rename. Addresses are hex strings. */
function asJson(image: ImageSummary, stretches: readonly Stretch[], isCut: boolean, atlas: AtlasSummary | undefined): unknown {
  return {
    machine: stretches.map(({ start, end, presence, reason, isHole }) => ({
      start: hex(start),
      bytes: end - start,
      presence,
      ...(reason !== undefined && { reason, hole: isHole === true }),
    })),
    machineCut: isCut,
    ...(image.regions && { file: fileJson(image.regions) }),
    ...(atlas && { virtual: virtualJson(atlas) }),
  };
}

const fileJson = ({ regions: taken, reason, presets }: RegionChoice): unknown => ({
  regions: taken.map(({ start, fileOffset, length }) => ({ start: hex(start), fileOffset, bytes: length })),
  reason,
  presets: presets.map((preset) => ({ label: preset.label, taken: isTaken(preset.regions, taken) })),
});

function virtualJson({ root, layout, regions: list }: AtlasSummary): unknown {
  const { virtualBits } = pagingMode(root.mode);
  return {
    root: hex(root.address),
    mode: root.mode,
    layout: { id: layout.id, label: layout.label, reasons: layout.reasons },
    regions: [...list].reverse().map(({ firstPage, pageCount, mappedPages, name, side, rights, kind, reserved, times, why }) => ({
      start: virtualHex(firstPage, 0, virtualBits),
      end: virtualHex(firstPage + pageCount - 1, 0xfff, virtualBits),
      name,
      side,
      presentBytes: mappedPages * 4096,
      times,
      rights,
      kind,
      reserved,
      why,
    })),
  };
}
