/** What came with a drop or a paste: a file with its handle where the browser gives one, else text. */
export interface Dropped {
  readonly file?: File;
  readonly handle?: FileSystemFileHandle;
  readonly text?: string;
}

/** Reads a DataTransfer. Must be called within the event: browsers empty it right after. */
export async function droppedOf(data: DataTransfer): Promise<Dropped> {
  const item = [...data.items].find(({ kind }) => kind === 'file');
  const file = item?.getAsFile() ?? data.files[0];
  const text = data.getData('text/plain');
  if (!file) return text === '' ? {} : { text };
  const handle = await handleOf(item);
  return handle ? { file, handle } : { file };
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
