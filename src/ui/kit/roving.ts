import type { KeyboardEvent } from 'react';

const STEPS: Readonly<Record<'horizontal' | 'vertical', Readonly<Record<string, number>>>> = {
  horizontal: { ArrowRight: 1, ArrowLeft: -1 },
  vertical: { ArrowDown: 1, ArrowUp: -1 },
};

/**
 * Arrow keys, Home and End move focus among the buttons of a container; only the focused one stays a Tab stop.
 * Give one button tabIndex 0 and the others -1 to begin with.
 */
export function rove(event: KeyboardEvent<HTMLElement>, orientation: 'horizontal' | 'vertical'): void {
  const buttons = [...event.currentTarget.querySelectorAll<HTMLButtonElement>('button')];
  const at = buttons.indexOf(event.target as HTMLButtonElement);
  const next = buttons[target(event.key, at, buttons.length, orientation)];
  if (at < 0 || !next || next === event.target) return;
  event.preventDefault();
  for (const button of buttons) button.tabIndex = button === next ? 0 : -1;
  next.focus();
}

function target(key: string, at: number, count: number, orientation: 'horizontal' | 'vertical'): number {
  if (key === 'Home') return 0;
  if (key === 'End') return count - 1;
  return at + (STEPS[orientation][key] ?? 0);
}
