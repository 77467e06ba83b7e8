import './roots.css';
import { type KeyboardEvent, useRef } from 'react';
import { commas } from '#core/base/hex.ts';
import type { Root } from '#core/paging/mode.ts';
import { pagingMode } from '#core/paging/modes.ts';
import type { RootChoice } from '#core/session/contract.ts';
import { FindRoots } from '#ui/kit/FindRoots.tsx';
import { NameRoots } from '#ui/kit/NameRoots.tsx';
import { useDesk, useDeskStore } from '#ui/state/desk.ts';
import { sameRoot } from '#ui/state/first-look.ts';
import { ChooseLayout } from './ChooseLayout.tsx';
import { RootRow } from './RootRow.tsx';
import { TypeRoot } from './TypeRoot.tsx';
import { useConsidered } from './use-considered.ts';

/** Every known root, where it comes from and why it is believed; and a place to type one. Esc goes back. */
export function RootsPage() {
  const desk = useDeskStore();
  const roots = useDesk((now) => now.image?.roots) ?? [];
  const name = useDesk((now) => now.image?.name);
  const inUse = useDesk((now) => now.place.root);
  const typed = useConsidered(inUse, roots);
  const all = typed ? [...roots, typed] : roots;
  const use = ({ address, mode }: Root) => desk.getState().look({ root: { address, mode }, view: 'explorer' }, true);
  return (
    <main className="roots">
      <h1 className="visually-hidden">{name}</h1>
      <header className="ph">
        <h2>Roots of this image</h2>
        <span className="c">{summary(all)}</span>
        <FindRoots />
        <NameRoots />
        <span className="spring" />
        <span className="c">Enter uses, Esc goes back</span>
      </header>
      <RootList roots={all} inUse={inUse} onUse={use} />
      <ChooseLayout />
      <TypeRoot onUse={use} />
    </main>
  );
}

function RootList({ roots, inUse, onUse }: { readonly roots: readonly RootChoice[]; readonly inUse: Root | undefined; onUse(root: Root): void }) {
  const list = useRef<HTMLDivElement>(null);
  if (roots.length === 0)
    return (
      <p className="roots-none">
        This dump names no root. Find roots looks for page tables in all of its memory; or type one below: a CR3, or the address of the top table.
      </p>
    );
  /** Arrows go from row to row; the rows are buttons, so Enter and Space use one. */
  const move = (event: KeyboardEvent) => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step === 0) return;
    event.preventDefault();
    const rows = [...(list.current?.querySelectorAll<HTMLElement>('button') ?? [])];
    const at = rows.findIndex((row) => row.matches(':focus'));
    rows[Math.min(rows.length - 1, Math.max(0, at + step))]?.focus();
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the keys only move focus between the buttons inside.
    <div className="roots-list" ref={list} onKeyDown={move}>
      <div className="roots-row roots-head" aria-hidden="true">
        <span className="r">#</span>
        <span>root</span>
        <span>where from</span>
        <span className="roots-scale">
          <span>0, the whole space</span>
          <span>{topOf(roots)}</span>
        </span>
        <span className="r">user pages</span>
        <span>why it is believed, and what is odd</span>
      </div>
      {roots.map((root, index) => (
        <RootRow key={`${root.address} ${root.mode}`} root={root} rank={index + 1} inUse={sameRoot(root, inUse)} onUse={onUse} />
      ))}
    </div>
  );
}

function topOf(roots: readonly RootChoice[]): string {
  const bits = new Set(roots.map(({ mode }) => pagingMode(mode).virtualBits));
  const [only] = bits;
  if (bits.size !== 1 || only === undefined) return '';
  return only === 32 ? '4 GB' : only === 48 ? '256 TB' : '128 PB';
}

function summary(roots: readonly RootChoice[]): string {
  const scanned = roots.filter(({ verified }) => verified !== undefined).length;
  const found = scanned > 0 ? `, ${commas(scanned)} found by scan` : '';
  const cpus = roots.filter(({ cpu }) => cpu).length;
  const count = roots.length === 1 ? '1 known' : `${commas(roots.length)} known`;
  return roots.length === 0 ? 'none known' : `${count}, ${cpus} of CPUs${found}; the one in use is yellow`;
}
