import '#ui/tokens.css';
import '#ui/base.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from '#ui/shell/App.tsx';
import { createDesk, DeskContext } from '#ui/state/desk.ts';

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root');
createRoot(root).render(
  <StrictMode>
    <DeskContext value={createDesk()}>
      <App />
    </DeskContext>
  </StrictMode>,
);
