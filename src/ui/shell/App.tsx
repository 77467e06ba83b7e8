import './shell.css';
import { lazy, Suspense } from 'react';
import { Fence } from '#ui/kit/Fence.tsx';

const Explorer = lazy(async () => ({ default: (await import('./Explorer.tsx')).Explorer }));

export function App() {
  return (
    <div className="shell">
      <header className="top" />
      <Fence name="The explorer">
        <Suspense fallback={<main className="explorer" />}>
          <Explorer />
        </Suspense>
      </Fence>
      <footer className="status" />
    </div>
  );
}
