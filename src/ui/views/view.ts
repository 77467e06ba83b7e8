import type { ComponentType } from 'react';

/** One pane of the explorer: one folder with a `NAME.view.tsx`, its default export; `index.ts` gathers them. */
export interface View {
  readonly id: 'map' | 'tree' | 'hex' | 'walk' | 'why' | 'passport' | 'm2p';
  /** Accessible name of the pane. */
  readonly title: string;
  /** Draws its own pane head (30 px) and body; fills its container. */
  readonly Component: ComponentType;
}
