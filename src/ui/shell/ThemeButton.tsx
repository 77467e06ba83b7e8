import { useState } from 'react';
import { Icon } from '#ui/kit/Icon.tsx';
import { chooseTheme, chosenTheme, themeAfter } from './theme.ts';

/** Goes round system, dark, light. */
export function ThemeButton() {
  const [theme, setTheme] = useState(chosenTheme);
  const turn = () => {
    const next = themeAfter(theme);
    chooseTheme(next);
    setTheme(next);
  };
  return (
    <button
      type="button"
      className="ctl ghost sq"
      aria-label={`Theme: ${theme}`}
      title={`Theme: ${theme}. Click for ${themeAfter(theme)}.`}
      onClick={turn}
    >
      <Icon name="theme" />
    </button>
  );
}
