import { type ComponentType, lazy, Suspense, useRef } from 'react';
import { Fence } from '#ui/kit/Fence.tsx';
import { DeskContext, useDeskStore } from '#ui/state/desk.ts';
import { loadView } from '#ui/views/index.ts';
import type { View } from '#ui/views/view.ts';
import { usePaneDesk } from './pane-desk.ts';
import { useTurn } from './turns.ts';

const lazyView = (id: View['id']) =>
  lazy(async () => {
    const view = await loadView(id);
    return { default: () => <Titled {...view} /> };
  });

function Titled({ title, Component }: View) {
  const section = useRef<HTMLElement>(null);
  const desk = usePaneDesk(useDeskStore(), section);
  return (
    <DeskContext value={desk}>
      <section ref={section} className="pane" aria-label={title}>
        <Component />
      </section>
    </DeskContext>
  );
}

const VIEWS: Readonly<Record<View['id'], ComponentType>> = {
  map: lazyView('map'),
  tree: lazyView('tree'),
  hex: lazyView('hex'),
  walk: lazyView('walk'),
  why: lazyView('why'),
  passport: lazyView('passport'),
};

const NAMES: Readonly<Record<View['id'], string>> = {
  map: 'Address map',
  tree: 'Tables',
  hex: 'Bytes',
  walk: 'Walk',
  why: 'What it is',
  passport: 'Frame',
};

/** One pane of the explorer, fetched when first shown. */
export function ViewPane({ id }: { readonly id: View['id'] }) {
  const Body = VIEWS[id];
  const turn = useTurn();
  if (!turn) return <div className="pane" />;
  return (
    <Fence name={NAMES[id]}>
      <Suspense fallback={<div className="pane" />}>
        <Body />
      </Suspense>
    </Fence>
  );
}
