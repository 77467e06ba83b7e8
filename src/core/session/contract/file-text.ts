import { commas } from '#core/base/hex.ts';
import type { Placed } from './file-place.ts';

/** A row of facts: "in file 1,234", or "unpacked 5,678" of a file that was unpacked in one, or "in file 400 packed, +24". */
export interface FileFact {
  readonly name: 'in file' | 'unpacked';
  /** Undefined where the dump does not hold it. */
  readonly value?: string;
  readonly aside?: string;
  readonly title?: string;
}

export function fileFact(placed: Placed): FileFact {
  const { fileOffset, filePlace } = placed;
  if (fileOffset === undefined) return { name: 'in file' };
  if (!filePlace) return { name: 'in file', value: commas(fileOffset) };
  const title = fileText(placed);
  if (filePlace.fileOffset === undefined) return { name: 'unpacked', value: commas(fileOffset), title };
  const aside =
    filePlace.packed.length > 0 ? ['packed', ...filePlace.packed.map(({ within }) => `+${commas(within)}`)].join(', ') : (filePlace.file ?? '');
  return { name: 'in file', value: commas(filePlace.fileOffset), ...(aside && { aside }), title: `${title}; byte ${commas(fileOffset)} unpacked` };
}

/** "file offset 1,234", "packed at file offset 400, byte 24 of it", or "byte 5,678 of the unpacked file". */
export function fileText({ fileOffset, filePlace }: Placed): string {
  if (fileOffset === undefined) return 'not in this dump';
  if (!filePlace) return `file offset ${commas(fileOffset)}`;
  if (filePlace.fileOffset === undefined) return `byte ${commas(fileOffset)} of the unpacked file`;
  const at = `file offset ${commas(filePlace.fileOffset)}${filePlace.file === undefined ? '' : ` of ${filePlace.file}`}`;
  return filePlace.packed.length > 0 ? `packed at ${at}, ${withinText(filePlace.packed)}` : at;
}

const withinText = (packed: NonNullable<Placed['filePlace']>['packed']): string =>
  packed.map(({ within }, depth) => `${depth > 0 ? 'packed again, ' : ''}byte ${commas(within)} of it`).join(', ');
