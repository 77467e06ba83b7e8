import { get, update } from 'idb-keyval';
import type { ImageSummary } from '#core/session/contract.ts';

/** An image opened before: what names it and where one was; never its bytes. */
export interface Recent {
  readonly name: string;
  readonly size: number;
  readonly fingerprint: string;
  /** The link of the last place. */
  readonly link: string;
  /** Shown: the last address. */
  readonly address: string;
  /** Where the browser let us keep one: the file re-opens in one click. */
  readonly handle?: FileSystemFileHandle;
}

const KEY = 'pagewalk-recents';
const MOST = 6;

/** Newest first. Empty where the browser keeps nothing for us. */
export async function recents(): Promise<readonly Recent[]> {
  try {
    return (await get<readonly Recent[]>(KEY)) ?? [];
  } catch {
    return [];
  }
}

export async function remember(image: ImageSummary, link: string, address: string, handle: FileSystemFileHandle | undefined): Promise<void> {
  const { name, fileSize: size, fingerprint } = image;
  try {
    await update<readonly Recent[]>(KEY, (old = []) => {
      const kept = handle ?? old.find((recent) => recent.fingerprint === fingerprint)?.handle;
      const newest: Recent = { name, size, fingerprint, link, address, ...(kept ? { handle: kept } : {}) };
      return [newest, ...old.filter((recent) => recent.fingerprint !== fingerprint)].slice(0, MOST);
    });
  } catch {
    // Storage forbidden: the page works without a list.
  }
}

/** The file behind a kept handle. Undefined where the user says no or the file is gone. Call from a click: it may ask. */
export async function fileOf(handle: FileSystemFileHandle): Promise<File | undefined> {
  try {
    // Not yet in TypeScript's DOM types: Chrome's permission methods of a kept handle.
    const asking = handle as FileSystemFileHandle & { requestPermission?: (wish: { mode: 'read' }) => Promise<PermissionState> };
    const answer = await asking.requestPermission?.({ mode: 'read' });
    return answer === undefined || answer === 'granted' ? await handle.getFile() : undefined;
  } catch {
    return undefined;
  }
}
