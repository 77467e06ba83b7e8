import { bytesText, commas } from '#core/base/hex.ts';
import type { Problem } from '#core/base/problem.ts';
import { FRAME_BYTES } from '#core/memory/address.ts';
import type { ByteSource } from '#core/memory/byte-source.ts';
import { createExtentImage } from '#core/memory/extent-image.ts';
import type { DumpFormat, Glimpse, OpenedDump, Recognition } from './format.ts';
import { stopped } from './stopped.ts';

/** Memory byte by byte: frame n at byte n * 4096. Nothing marks such a file, so it is what is left when nothing else fits. */
const raw: DumpFormat = { id: 'raw', label: 'raw memory', recognise, open };
export default raw;

/** Where common machines leave a hole for devices, and some tools leave it out of the file: dump-formats, "PCI-hole presets". */
const HOLE_FROM = 3 * 1024 ** 3;

function recognise({ size }: Glimpse): Recognition | undefined {
  const whole = size % FRAME_BYTES === 0 ? `${commas(size / FRAME_BYTES)} whole frames` : `${commas(size)} bytes`;
  return { certainty: 'fallback', how: `no known mark; ${whole}, read as raw memory from address 0` };
}

async function open(source: ByteSource): Promise<OpenedDump> {
  if (source.size === 0) return stopped('raw-empty', 'The file is empty.');
  const image = createExtentImage({
    source,
    extents: [{ start: 0, length: source.size, fileOffset: 0 }],
    whyAbsent: () => `past the end of the file (${bytesText(source.size)})`,
  });
  return { image, roots: [], frameWord: 'frame', problems: problemsOf(source.size) };
}

function problemsOf(size: number): Problem[] {
  const problems: Problem[] = [];
  const rest = size % FRAME_BYTES;
  if (rest !== 0)
    problems.push({
      kind: 'raw-not-whole-frames',
      text: `${commas(size)} bytes are no whole number of 4,096-byte frames: it may be cut short, or be no memory image.`,
      severity: 'note',
      fileOffset: size - rest,
    });
  if (size > HOLE_FROM)
    problems.push({
      kind: 'raw-device-hole',
      text: `Raw memory over 3 GB may leave out the hole for devices below 4 GB (.vmem does; pmemsave does not). It is read without one: if a walk ends in nonsense above C0000000, that is why.`,
      severity: 'note',
      fileOffset: HOLE_FROM,
    });
  return problems;
}
