import './tours.css';
import { Icon } from '#ui/kit/Icon.tsx';
import { useShell } from '#ui/shell/shell-context.ts';
import { useDesk } from '#ui/state/desk.ts';
import { endTour, useTourStep } from './tour-step.ts';
import { useTour } from './use-tour.ts';

/** The question in hand above the page, with its answer in one line; on to the next, back to the last. */
export function TourStrip() {
  const { show } = useShell();
  const inView = useTour();
  const at = useTourStep(useDesk((desk) => desk.image?.fingerprint));
  const step = at === undefined ? undefined : inView?.steps[at];
  if (!inView || at === undefined || !step) return null;
  const { steps, go, tour } = inView;
  return (
    <section className="strip tour-strip" aria-label={tour.title}>
      <button type="button" className="btn quiet" title={tour.title} onClick={() => show('tour')}>
        <span className="n s">{at + 1}</span> of {steps.length}
      </button>
      <p aria-live="polite">
        <b>{step.question}</b> {step.answer}
      </p>
      <span className="spring" />
      <span className="seg">
        <button type="button" className="ctl sq" aria-label="Previous question" disabled={at === 0} onClick={() => go(at - 1)}>
          <Icon name="back" />
        </button>
        <button type="button" className="ctl sq" aria-label="Next question" disabled={at === steps.length - 1} onClick={() => go(at + 1)}>
          <Icon name="forward" />
        </button>
      </span>
      <button type="button" className="ctl ghost sq" aria-label="End the tour" onClick={endTour}>
        <Icon name="close" />
      </button>
    </section>
  );
}
