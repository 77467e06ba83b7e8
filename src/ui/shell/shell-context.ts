import { createContext, useContext } from 'react';
import type { DeskHistory } from '#ui/state/history.ts';
import type { Opening, OpenRequest } from '#ui/state/opening.ts';
import type { Recent } from '#ui/state/recents.ts';
import type { Sheet } from '#ui/state/sheet.ts';

/** What the app around the views works with, besides the desk. */
export interface Shell {
  readonly opening: Opening;
  readonly history: DeskHistory;
  /** Lets the user choose a file; `meant` opens it at that visit's place, if it is that image. */
  chooseFile(meant?: Recent): void;
  /** What the link in view waits for: the next file is opened at its place. */
  awaited(): Pick<OpenRequest, 'wanted' | 'place' | 'options'>;
  show(sheet: Sheet | undefined): void;
}

export const ShellContext = createContext<Shell | undefined>(undefined);

export function useShell(): Shell {
  const shell = useContext(ShellContext);
  if (!shell) throw new Error('useShell outside a ShellContext');
  return shell;
}
