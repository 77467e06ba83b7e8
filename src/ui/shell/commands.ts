import { processText } from '#core/session/contract.ts';
import type { DeskStore } from '#ui/state/desk.ts';
import { isXenGuest } from '#ui/state/selection.ts';
import { copyPlaceLink } from './copy-link.ts';
import type { Shell } from './shell-context.ts';
import { chooseTheme, type Theme } from './theme.ts';
import { tourOf } from './tours/tours.ts';
import { focusAddress } from './use-keys.ts';

export interface Command {
  readonly id: string;
  readonly title: string;
  readonly keys?: string;
  run(): void;
}

/** What can be done now, by name. */
export function commandsFor(shell: Shell, desk: DeskStore): readonly Command[] {
  const inView = desk.getState().image !== undefined;
  return [...(inView ? ofImage(shell, desk) : []), ...always(shell)];
}

function ofImage(shell: Shell, desk: DeskStore): readonly Command[] {
  const { look } = desk.getState();
  const roots = desk.getState().image?.roots ?? [];
  return [
    { id: 'go', title: 'Go to an address', keys: 'G', run: () => requestAnimationFrame(focusAddress) },
    { id: 'roots', title: 'Choose a root', keys: 'R', run: () => look({ view: 'roots' }, true) },
    ...roots.slice(0, 12).map((root, index) => ({
      id: `root-${index}`,
      title: `Root ${root.address.toString(16)}, ${root.origin}${root.process ? `, probably ${processText(root.process)}` : ''}`,
      run: () => look({ root: { address: root.address, mode: root.mode }, view: 'explorer' }, true),
    })),
    { id: 'link', title: 'Copy a link to this place', run: () => void copyPlaceLink(desk) },
    { id: 'link-choice', title: 'Copy a link: what it may carry', run: () => shell.show('link') },
    { id: 'image', title: 'What is known of this image', run: () => shell.show('image') },
    ...(desk.getState().atlas ? [{ id: 'regions', title: 'Regions, high to low', keys: 'L', run: () => shell.show('regions') }] : []),
    ...(desk.getState().atlas
      ? [{ id: 'capsule', title: 'Save a capsule: the page tables of this root alone', run: () => shell.show('capsule') }]
      : []),
    ...ofXen(shell, desk),
    ...ofTour(shell, desk),
    { id: 'back', title: 'Back to the last jump', keys: 'Alt ←', run: () => shell.history.back() },
    { id: 'forward', title: 'Forward again', keys: 'Alt →', run: () => shell.history.forward() },
  ];
}

function ofXen(shell: Shell, desk: DeskStore): readonly Command[] {
  const { atlas } = desk.getState();
  const table: Command = {
    id: 'm2p-table',
    title: 'Machine-to-physical table (M2P)',
    keys: 'M',
    run: () => desk.getState().look({ view: 'm2p' }, true),
  };
  const m2p: Command = { id: 'm2p', title: 'How to read the M2P', run: () => shell.show('m2p') };
  const found: Command = { id: 'xen', title: 'What was found of Xen', keys: 'X', run: () => shell.show('xen') };
  const plan: Command = { id: 'plan', title: 'Plan a recursive map', run: () => shell.show('plan') };
  const tables = atlas?.layout.isXens ? [table, m2p] : [];
  return [...tables, ...(isXenGuest(desk.getState()) ? [found] : []), ...(atlas ? [plan] : [])];
}

function ofTour(shell: Shell, desk: DeskStore): readonly Command[] {
  const tour = tourOf(desk.getState().image?.fingerprint);
  return tour ? [{ id: 'tour', title: tour.title, run: () => shell.show('tour') }] : [];
}

function always(shell: Shell): readonly Command[] {
  const theme = (id: Theme, title: string): Command => ({ id: `theme-${id}`, title, run: () => chooseTheme(id) });
  return [
    { id: 'open', title: 'Open a file', keys: 'Ctrl O', run: () => shell.chooseFile() },
    { id: 'remote', title: 'Open an image from a server (URL)', run: () => shell.show('remote') },
    { id: 'paste', title: 'Paste text', keys: 'Ctrl V', run: () => shell.show('paste') },
    theme('dark', 'Dark theme'),
    theme('light', 'Light theme'),
    theme('system', 'Theme of the system'),
    { id: 'help', title: 'All keys', keys: '?', run: () => shell.show('help') },
  ];
}
