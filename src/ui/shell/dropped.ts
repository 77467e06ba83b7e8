/** What came with a drop or a paste: a file with its handle where the browser gives one, else text. */
export interface Dropped {
  readonly file?: File;
  /** A second file: two that belong together are opened as one. */
  readonly companion?: File;
  readonly handle?: FileSystemFileHandle;
  readonly text?: string;
  /** Name of what was dropped where it is a folder, which cannot be opened. */
  readonly folder?: string;
  /** Files left aside: one dump is opened at a time. */
  readonly others?: number;
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
  const handle = files.companion ? undefined : await handleOf(item);
  return { ...files, file, ...(handle ? { handle } : {}) };
}

/** Of several files the first two. A handle is kept of single files only: it could not bring both again. */
export function droppedFiles([file, companion, ...others]: readonly File[]): Dropped {
  return { ...(file ? { file } : {}), ...(companion ? { companion } : {}), others: others.length };
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
