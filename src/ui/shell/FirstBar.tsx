import { Icon } from '#ui/kit/Icon.tsx';
import { Mark } from './Mark.tsx';
import { useShell } from './shell-context.ts';
import { ThemeButton } from './ThemeButton.tsx';

/** The top bar while nothing is open. */
export function FirstBar() {
  return (
    <header className="top">
      <Mark />
      <span className="spring" />
      <ThemeButton />
      <HelpButton />
    </header>
  );
}

export function HelpButton() {
  const { show } = useShell();
  return (
    <button type="button" className="ctl ghost sq" aria-label="Help and keys" title="Help and keys (?)" onClick={() => show('help')}>
      <Icon name="help" />
    </button>
  );
}
