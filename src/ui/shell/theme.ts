import { browserMemory } from './browser-memory.ts';

export type Theme = 'system' | 'dark' | 'light';

const KEY = 'pagewalk-theme';
const ORDER: readonly Theme[] = ['system', 'dark', 'light'];
const dark = '(prefers-color-scheme: dark)';
const contrast = '(prefers-contrast: more)';

export function chosenTheme(): Theme {
  const kept = browserMemory.getItem(KEY);
  return ORDER.find((theme) => theme === kept) ?? 'system';
}

/** The theme after this one, as the button goes round. */
export const themeAfter = (theme: Theme): Theme => ORDER[(ORDER.indexOf(theme) + 1) % ORDER.length] ?? 'system';

export function chooseTheme(theme: Theme): void {
  browserMemory.setItem(KEY, theme);
  apply();
}

/** Shows the chosen theme, and follows the system where none is chosen. */
export function installTheme(): void {
  apply();
  for (const query of [dark, contrast]) window.matchMedia?.(query).addEventListener('change', apply);
}

function apply(): void {
  const theme = chosenTheme();
  const { dataset } = document.documentElement;
  const matches = (query: string) => window.matchMedia?.(query).matches ?? false;
  dataset['theme'] = theme === 'system' ? (matches(dark) ? 'dark' : 'light') : theme;
  if (matches(contrast)) dataset['contrast'] = 'more';
  else delete dataset['contrast'];
}
