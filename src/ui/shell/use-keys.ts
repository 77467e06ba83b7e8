import { useEffect, useRef } from 'react';
import { type DeskStore, useDeskStore } from '#ui/state/desk.ts';
import { isXenGuest } from '#ui/state/selection.ts';
import type { Sheet } from '#ui/state/sheet.ts';
import { ADDRESS_INPUT } from './address-input.ts';
import type { Shell } from './shell-context.ts';

type Act = (shell: Shell, desk: DeskStore) => void;

/** Keys that work wherever no field is being typed in. Views have their own, and come first. */
const PLAIN: Readonly<Record<string, Act>> = {
  g: (_, desk) => desk.getState().image && focusAddress(),
  r: (_, desk) => desk.getState().image && desk.getState().look({ view: 'roots' }, true),
  m: (_, desk) => desk.getState().atlas?.layout.isXens && desk.getState().look({ view: 'm2p' }, true),
  l: (shell, desk) => desk.getState().atlas && shell.show('regions'),
  x: (shell, desk) => isXenGuest(desk.getState()) && shell.show('xen'),
  '?': (shell) => shell.show('help'),
};

/** Keys with Ctrl or Cmd, which work everywhere. */
const WITH_CTRL: Readonly<Record<string, Act>> = {
  g: (_, desk) => desk.getState().image && focusAddress(),
  k: (shell) => shell.show('palette'),
  o: (shell) => shell.chooseFile(),
};

export function focusAddress(): void {
  const input = document.getElementById(ADDRESS_INPUT);
  input?.focus();
  if (input instanceof HTMLInputElement) input.select();
}

/** The keys of the whole page, and paste anywhere. */
export function useKeys(shell: Shell, sheet: Sheet | undefined, onText: (text: string) => void): void {
  const desk = useDeskStore();
  const now = useRef({ shell, sheet, onText });
  now.current = { shell, sheet, onText };
  useEffect(() => {
    const listening = new AbortController();
    const { signal } = listening;
    window.addEventListener('keydown', (event) => onKey(event, now.current.shell, now.current.sheet, desk), { signal });
    window.addEventListener('paste', (event) => onPaste(event, now.current.sheet, now.current.onText), { signal });
    return () => listening.abort();
  }, [desk]);
}

function onKey(event: KeyboardEvent, shell: Shell, sheet: Sheet | undefined, desk: DeskStore): void {
  if (event.defaultPrevented || sheet) return;
  const ctrl = event.ctrlKey || event.metaKey;
  if (event.key === 'Escape' && !ctrl) stepBack(event, shell, desk);
  if (event.key === 'Escape' || event.altKey || (!ctrl && isTyping(event.target))) return;
  const act = (ctrl ? WITH_CTRL : PLAIN)[event.key.length === 1 ? event.key.toLowerCase() : event.key];
  if (!act) return;
  event.preventDefault();
  act(shell, desk);
}

/** Esc closes what stands on top: an opening, a state, the page of roots, then a jump. */
function stepBack(event: KeyboardEvent, { opening, history }: Shell, desk: DeskStore): void {
  if (isTyping(event.target)) return;
  const { phase, atlasProgress, place } = desk.getState();
  if (phase.kind === 'opening' || atlasProgress) opening.cancel();
  else if (phase.kind !== 'open') opening.dismiss();
  else if (history.trail.at > 0) history.back();
  else if (place.view !== 'explorer') desk.getState().look({ view: 'explorer' });
}

function onPaste(event: ClipboardEvent, sheet: Sheet | undefined, onText: (text: string) => void): void {
  if (sheet || isTyping(event.target) || event.defaultPrevented) return;
  const text = event.clipboardData?.getData('text/plain');
  if (text) onText(text);
}

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable || (target.matches('input, textarea, select') && !target.matches('[type=file], [type=checkbox]')));
