import '#ui/tokens.css';
import '#ui/base.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from '#ui/shell/App.tsx';
import { assemble } from '#ui/shell/assemble.ts';
import { fetchLaterParts } from '#ui/shell/later-parts.ts';
import { installTheme } from '#ui/shell/theme.ts';
import { DeskContext } from '#ui/state/desk.ts';

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root');
installTheme();
const { desk, opening, history } = assemble(window);
fetchLaterParts();
createRoot(root).render(
  <StrictMode>
    <DeskContext value={desk}>
      <App opening={opening} history={history} />
    </DeskContext>
  </StrictMode>,
);
