import { bytesSource } from '#core/memory/byte-source.ts';
import { createExtentImage } from '#core/memory/extent-image.ts';
import type { OpenedDump } from './format.ts';

/** A dump of which nothing can be shown, and why. */
export function stopped(kind: string, text: string, fileOffset = 0): OpenedDump {
  return {
    image: createExtentImage({ source: bytesSource(new Uint8Array(0)), extents: [] }),
    roots: [],
    frameWord: 'frame',
    problems: [{ kind, text, severity: 'stop', fileOffset }],
  };
}
