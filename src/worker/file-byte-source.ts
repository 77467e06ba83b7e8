import type { ByteSource } from '#core/memory/byte-source.ts';

/** A File of the browser, read in slices; nothing is kept. Reading costs some 0.5 ms a call however small. */
export function fileByteSource(file: File): ByteSource {
  return {
    name: file.name,
    size: file.size,
    read: async (offset, length) => {
      try {
        return new Uint8Array(await file.slice(offset, offset + length).arrayBuffer());
      } catch (error) {
        throw changedOnDisk(file.name, error);
      }
    },
  };
}

/** A browser refuses a File whose size or date changed since it was chosen (File API, snapshot state): NotReadableError. */
function changedOnDisk(name: string, cause: unknown): Error {
  if (!(cause instanceof Error) || !['NotReadableError', 'NotFoundError'].includes(cause.name)) return cause as Error;
  const error = new Error(`“${name}” changed on disk, moved, or may no longer be read. Choose it again.`, { cause });
  error.name = 'FileChanged';
  return error;
}
