import type { DeskStore } from '#ui/state/desk.ts';
import { linkOf } from '#ui/state/history.ts';
import { formatLink } from '#ui/state/permalink.ts';

/** The whole address of what is in view, with or without the text itself. */
export function linkAddress(desk: DeskStore, packedText?: string): string {
  const link = linkOf(desk.getState());
  const base = window.location.href.replace(/#.*$/, '');
  return link ? base + formatLink({ ...link, ...(packedText ? { packedText } : {}) }) : base;
}

/** False where the browser does not let us write to the clipboard. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}

export const copyPlaceLink = (desk: DeskStore): Promise<boolean> => copyText(linkAddress(desk));
