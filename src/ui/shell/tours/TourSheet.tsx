import './tours.css';
import { rove } from '#ui/kit/roving.ts';
import { SheetFrame } from '#ui/shell/sheets/SheetFrame.tsx';
import { useDesk } from '#ui/state/desk.ts';
import { useTourStep } from './tour-step.ts';
import type { TourGoal } from './tours.ts';
import { useTour } from './use-tour.ts';

/** Every question of the tour with its answer in one line; choosing one leads to where the answer stands. */
export function TourSheet() {
  const inView = useTour();
  const fingerprint = useDesk((desk) => desk.image?.fingerprint);
  const at = useTourStep(fingerprint) ?? 0;
  if (!inView) return null;
  const { tour, steps, go } = inView;
  return (
    <SheetFrame title={tour.title} wide>
      <ol className="tour-list" onKeyDown={(event) => rove(event, 'vertical')}>
        {steps.map((step, index) => (
          <li key={step.question}>
            <button
              type="button"
              className="tour-item ring-in"
              tabIndex={index === at ? 0 : -1}
              aria-current={index === at || undefined}
              onClick={() => go(index)}
            >
              <span className="n s tour-number">{index + 1}</span>
              <span>
                <span className="tour-question">{step.question}</span>
                <span className="tour-answer">{step.answer}</span>
              </span>
              <span className="n s tour-goal">{goalText(step.goal)}</span>
            </button>
          </li>
        ))}
      </ol>
    </SheetFrame>
  );
}

const SHEETS = { m2p: 'a card', plan: 'the planner' } as const;

function goalText(goal: TourGoal): string {
  if ('at' in goal) return goal.at;
  return 'type' in goal ? goal.type : SHEETS[goal.sheet];
}
