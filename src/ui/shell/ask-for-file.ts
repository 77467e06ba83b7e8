import { type Dropped, droppedFiles } from './dropped.ts';

/** Not yet in TypeScript's DOM types: the file dialog of Chrome and Edge, which gives a handle that can be kept. */
type FilePicker = (options: { readonly multiple: boolean }) => Promise<readonly FileSystemFileHandle[]>;

/**
 * Asks for a file, or two that belong together, with a handle where the browser gives one, so that it re-opens in one click. Elsewhere, and where the browser
 * will not show that dialog, `input` asks; what it brings comes by its own change event, and the answer here is undefined.
 */
export async function askForFile(input: HTMLInputElement | null): Promise<Dropped | undefined> {
  const picker = (window as Window & { showOpenFilePicker?: FilePicker }).showOpenFilePicker;
  try {
    const [handle, ...more] = (await picker?.call(window, { multiple: true })) ?? [];
    if (handle && more.length === 0) return { handle, file: await handle.getFile() };
    if (handle) return droppedFiles(await Promise.all([handle, ...more].map((each) => each.getFile())));
  } catch (error) {
    if (isChangeOfMind(error)) return undefined;
  }
  input?.click();
  return undefined;
}

/** The user closed the dialog; browsers say the same, with a reason, where they did not show one. */
const isChangeOfMind = (error: unknown): boolean =>
  error instanceof DOMException && error.name === 'AbortError' && !error.message.includes('Intercepted');
