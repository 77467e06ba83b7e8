import type { Command, Run } from '#cli/command.ts';
import { bytesText, commas, hex } from '#core/base/hex.ts';
import { pagingMode } from '#core/paging/modes.ts';
import type { ImageSummary, RootChoice } from '#core/session/contract.ts';

const info: Command = {
  name: 'info',
  usage: 'info FILE [--json]',
  summary: 'what the dump is, what it holds, and the roots it names',
  operands: [0, 0],
  run,
};
export default info;

async function run({ session, options, out }: Run): Promise<void> {
  const image = await session.summary();
  if (options.json) await out.line(JSON.stringify(asJson(image), undefined, 2));
  else for (const line of asText(image)) await out.line(line);
}

function asText(image: ImageSummary): string[] {
  const { format } = image;
  return [
    `file      ${image.name}, ${commas(image.fileSize)} bytes${image.sourceSize === undefined ? '' : `; unpacked ${commas(image.sourceSize)}`}`,
    `print     ${image.fingerprint}`,
    `format    ${format.label}${format.wrappers.length > 0 ? ` in ${format.wrappers.join(' in ')}` : ''}: ${format.how}`,
    `memory    ${bytesText(image.heldBytes)} held, up to machine address ${hex(Math.max(0, image.end - 1))}`,
    ...image.extents.map(({ start, length, kind }) => `          ${hex(start, 9)}–${hex(start + length - 1, 9)}  ${kind}`),
    ...(image.extentsCut ? ['          … more'] : []),
    ...(image.regions ?? { regions: [] }).regions.map(
      ({ start, fileOffset, length }) => `region    ${hex(length, 9)} bytes at ${hex(start, 9)}, from byte ${hex(fileOffset, 9)}`,
    ),
    ...image.roots.map((root) => `root      ${rootText(root)}`),
    ...(image.roots.length === 0 ? ['root      none named by the dump: “pagewalk roots FILE” looks for them'] : []),
    ...image.inferences.map(
      ({ page, frame, reason }) =>
        `placed    page ${hex(page, 5).toUpperCase()}000: ${frame === undefined ? 'no frame' : `frame ${hex(frame)}`}; ${reason}`,
    ),
    ...image.problems.map(({ severity, text }) => `${severity.padEnd(9)} ${text}`),
  ];
}

const rootText = (root: RootChoice): string =>
  `${hex(root.address)}  ${pagingMode(root.mode).label}  ${root.origin}${root.held ? '' : ', not in this dump'}: ${root.reason}`;

/** Keys are part of the command line's promise: add, never rename. Addresses are hex strings. */
function asJson(image: ImageSummary): unknown {
  return {
    name: image.name,
    fileSize: image.fileSize,
    unpackedSize: image.sourceSize ?? null,
    fingerprint: image.fingerprint,
    format: image.format,
    heldBytes: image.heldBytes,
    end: hex(image.end),
    extents: image.extents.map(({ start, length, kind }) => ({ start: hex(start), bytes: length, kind })),
    roots: image.roots.map(({ address, mode, origin, reason, held, cpu }) => ({
      root: hex(address),
      mode,
      origin,
      reason,
      held,
      ...(cpu && { cpu: cpu.index }),
    })),
    placements: image.inferences.map(({ page, frame, reason, lines }) => ({
      page: hex(page),
      frame: frame === undefined ? null : hex(frame),
      reason,
      lines,
    })),
    ...(image.regions && {
      regions: image.regions.regions.map(({ start, fileOffset, length }) => ({ start: hex(start), fileOffset, bytes: length })),
      regionsReason: image.regions.reason,
    }),
    problems: image.problems,
  };
}
