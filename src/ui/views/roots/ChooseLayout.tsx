import { useDesk, useDeskStore } from '#ui/state/desk.ts';

const AUTOMATIC = '';

/** Whose rules name the regions of the root in use: the layout that fits best, or one chosen by hand, with what speaks for it. */
export function ChooseLayout() {
  const desk = useDeskStore();
  const atlas = useDesk((now) => now.atlas);
  if (!atlas || atlas.layouts.length < 2) return null;
  const { layout, layouts } = atlas;
  const best = layout.automatic ? `the best fit: ${layout.label}` : 'the best fit';
  return (
    <div className="roots-type">
      <label htmlFor="roots-layout">Regions named by</label>
      <select
        id="roots-layout"
        className="roots-field"
        value={layout.automatic ? AUTOMATIC : layout.id}
        onChange={({ target }) => desk.getState().look({ layoutId: target.value || undefined })}
      >
        <option value={AUTOMATIC}>{best}</option>
        {layouts.map(({ id, label }) => (
          <option key={id} value={id}>
            {label}
          </option>
        ))}
      </select>
      <span className="c roots-verdict" aria-live="polite" title={layout.reasons.join('; ')}>
        {layout.reasons.join('; ')}
      </span>
    </div>
  );
}
