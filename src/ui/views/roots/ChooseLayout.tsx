import { type FormEvent, useState } from 'react';
import type { AtlasSummary } from '#core/session/contract.ts';
import { useDesk, useDeskStore } from '#ui/state/desk.ts';

const BEST = '';

/** Whose rules name the regions of the root in use: the layout that fits best, or one chosen by hand. */
export function ChooseLayout() {
  const atlas = useDesk((desk) => desk.atlas);
  if (!atlas || atlas.layouts.length < 2) return null;
  const inUse = atlas.layout.automatic ? BEST : atlas.layout.id;
  return <LayoutForm key={`${atlas.root.mode} ${inUse}`} atlas={atlas} inUse={inUse} />;
}

function LayoutForm({ atlas, inUse }: { readonly atlas: AtlasSummary; readonly inUse: string }) {
  const desk = useDeskStore();
  const [chosen, setChosen] = useState(inUse);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    desk.getState().look({ layoutId: chosen || undefined, view: 'explorer' }, true);
  };
  const reasons = reasonsOf(atlas, chosen, inUse);
  return (
    <form className="roots-type" onSubmit={submit}>
      <label htmlFor="roots-layout">Regions named by</label>
      <select id="roots-layout" className="roots-field" value={chosen} onChange={({ target }) => setChosen(target.value)}>
        <option value={BEST}>{inUse === BEST ? `the best fit: ${atlas.layout.label}` : 'the best fit'}</option>
        {atlas.layouts.map(({ id, label }) => (
          <option key={id} value={id}>
            {label}
          </option>
        ))}
      </select>
      <button type="submit" className="btn" disabled={chosen === inUse}>
        Name them so
      </button>
      <span className="c roots-verdict" aria-live="polite" title={reasons}>
        {reasons}
      </span>
    </form>
  );
}

/** What speaks for the layout chosen in the list, in words. */
function reasonsOf({ layout, layouts }: AtlasSummary, chosen: string, inUse: string): string {
  const reasons = chosen === inUse ? layout.reasons : layouts.find(({ id }) => id === chosen)?.reasons;
  if (chosen === BEST && inUse !== BEST) return 'The layout whose marks this root shows most of.';
  return reasons?.length ? reasons.join('; ') : 'Nothing in this root speaks for it.';
}
