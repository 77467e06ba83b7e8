import { lazy, Suspense } from 'react';
import { useDesk, useDeskStore } from '#ui/state/desk.ts';
import { ProgressBar } from './ProgressBar.tsx';
import { useShell } from './shell-context.ts';
import { useTourStep } from './tours/tour-step.ts';

/** What goes on or has happened while the image in view stays in use. */
export function Strips() {
  return (
    <>
      <Underway />
      <Notices />
      <TourOfImage />
    </>
  );
}

const TourStrip = lazy(async () => ({ default: (await import('./tours/TourStrip.tsx')).TourStrip }));

/** One question of a tour, once it was begun over this image. */
function TourOfImage() {
  const fingerprint = useDesk((desk) => desk.image?.fingerprint);
  const at = useTourStep(fingerprint);
  return at === undefined ? null : (
    <Suspense fallback={null}>
      <TourStrip />
    </Suspense>
  );
}

function Underway() {
  const { opening } = useShell();
  const phase = useDesk((desk) => desk.phase);
  const atlasProgress = useDesk((desk) => desk.atlasProgress);
  const inView = useDesk((desk) => desk.image !== undefined);
  const opens = phase.kind === 'opening' && inView;
  const progress = opens ? phase.progress : atlasProgress;
  if (!opens && !atlasProgress) return null;
  const label = opens ? `Opening ${phase.name}` : 'Reading the tables';
  return (
    <div className="strip" role="status">
      <b>{label}</b>
      <ProgressBar progress={progress} label={label} />
      <span className="c">{progress?.step}</span>
      <span className="spring" />
      <button type="button" className="btn" onClick={() => opening.cancel()}>
        Cancel
      </button>
    </div>
  );
}

function Notices() {
  const desk = useDeskStore();
  const notices = useDesk((now) => now.notices);
  return notices.map(({ id, title, text }) => (
    <div className="strip" role="status" key={id}>
      <p>
        <b>{title}</b> {text}
      </p>
      <span className="spring" />
      <button type="button" className="btn quiet" onClick={() => desk.getState().putAway(id)}>
        Put away
      </button>
    </div>
  ));
}
