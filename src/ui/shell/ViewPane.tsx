import { type ComponentType, Suspense, useRef } from 'react';
import { Fence } from '#ui/kit/Fence.tsx';
import { DeskContext, useDeskStore } from '#ui/state/desk.ts';
import { useTurn } from '#ui/state/turns.ts';
import { loadView } from '#ui/views/index.ts';
import type { View } from '#ui/views/view.ts';
import { later, partOf } from './later.tsx';
import { usePaneDesk } from './pane-desk.ts';

/** Begins at once to fetch the view: whoever loads this file is about to show it. */
function laterView(id: View['id']): ComponentType {
  const part = partOf(async (): Promise<ComponentType> => {
    const view = await loadView(id);
    return () => <Titled {...view} />;
  });
  part.load().catch(() => undefined);
  return later(part);
}

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
  map: laterView('map'),
  tree: laterView('tree'),
  hex: laterView('hex'),
  walk: laterView('walk'),
  why: laterView('why'),
  passport: laterView('passport'),
  m2p: laterView('m2p'),
};

const NAMES: Readonly<Record<View['id'], string>> = {
  map: 'Address map',
  tree: 'Tables',
  hex: 'Bytes',
  walk: 'Walk',
  why: 'What it is',
  passport: 'Frame',
  m2p: 'M2P',
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
