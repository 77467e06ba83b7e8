import type { View } from './view.ts';

const modules = import.meta.glob<{ readonly default: View }>('./*/*.view.tsx');

/** Every pane by id, each fetched when first shown: a folder `NAME` with a `NAME.view.tsx` is a pane. */
const loaders: ReadonlyMap<string, () => Promise<{ readonly default: View }>> = new Map(
  Object.entries(modules).map(([path, load]) => [idOf(path), load]),
);

function idOf(path: string): string {
  return path.split('/').at(-1)?.replace('.view.tsx', '') ?? path;
}

/** @throws when no folder holds that view, or its file cannot be fetched. */
export async function loadView(id: View['id']): Promise<View> {
  const load = loaders.get(id);
  if (!load) throw new Error(`No view "${id}"`);
  return (await load()).default;
}

/** Begins to fetch every pane, so that they are there by the time a dump is open. */
export function preloadViews(): void {
  for (const load of loaders.values()) load().catch(() => undefined);
}
