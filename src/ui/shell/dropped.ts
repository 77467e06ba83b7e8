/** What came with a drop or a paste: a file with its handle where the browser gives one, else text. */
export interface Dropped {
  readonly file?: File;
  /** Files that came with it: those that belong together are opened as one. */
  readonly others?: readonly File[];
  readonly handle?: FileSystemFileHandle;
  readonly text?: string;
  /** Name of what was dropped where it is a folder, which cannot be opened. */
  readonly folder?: string;
  /** How many files were left aside: no dump has so many. */
  readonly left?: number;
}

/** Reads a DataTransfer. Must be called within the event: browsers empty it right after. */
export async function droppedOf(data: DataTransfer): Promise<Dropped> {
  const item = [...data.items].find(({ kind }) => kind === 'file');
  const file = item?.getAsFile() ?? data.files[0];
  const folder = item?.webkitGetAsEntry?.()?.isDirectory ? (file?.name ?? '') : undefined;
  const text = data.getData('text/plain');
  if (folder !== undefined) return { folder };
  if (!file) return text === '' ? {} : { text };
  const files = droppedFiles([...data.files]);
  const handle = files.others ? undefined : await handleOf(item);
  return { ...files, file, ...(handle ? { handle } : {}) };
}

/** makedumpfile splits a dump into a file for each CPU at most. */
const MOST_FILES = 256;

/** A handle is kept of single files only: it could not bring all again. */
export function droppedFiles([file, ...others]: readonly File[]): Dropped {
  const taken = others.slice(0, MOST_FILES - 1);
  const left = others.length - taken.length;
  return { ...(file && { file }), ...(taken.length > 0 && { others: taken }), ...(left > 0 && { left }) };
}

async function handleOf(item: DataTransferItem | undefined): Promise<FileSystemFileHandle | undefined> {
  try {
    // Chrome only, and not in TypeScript's DOM types.
    const asking = item as DataTransferItem & { getAsFileSystemHandle?: () => Promise<FileSystemHandle | null> };
    const handle = await asking?.getAsFileSystemHandle?.();
    return handle?.kind === 'file' ? (handle as FileSystemFileHandle) : undefined;
  } catch {
    return undefined;
  }
}

export const carriesFile = (data: DataTransfer | null): boolean => data?.types.includes('Files') ?? false;
