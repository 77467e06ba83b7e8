import { createContext, useContext } from 'react';

/** Sheets that cover the page until they are put away. */
export type Sheet = 'help' | 'palette' | 'image' | 'paste' | 'remote' | 'link' | 'm2p' | 'plan' | 'tour' | 'regions' | 'xen' | 'capsule';

/** Opens a sheet from within a view; the shell gives it. */
export const SheetContext = createContext<((sheet: Sheet) => void) | undefined>(undefined);

/** Undefined where no shell stands around the view, as in tests of one view. */
export const useOpenSheet = (): ((sheet: Sheet) => void) | undefined => useContext(SheetContext);
