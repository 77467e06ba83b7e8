import { useEffect, useState } from 'react';
import { parseVirtual } from '#core/base/hex.ts';
import { virtualPage } from '#core/memory/address.ts';
import { pagingMode } from '#core/paging/modes.ts';
import { typeAddress } from '#ui/shell/address-input.ts';
import { type Shell, useShell } from '#ui/shell/shell-context.ts';
import { type DeskStore, useDesk, useDeskStore } from '#ui/state/desk.ts';
import { standAt } from './tour-step.ts';
import { type Tour, type TourGoal, type TourStep, tourOf } from './tours.ts';

interface TourInView {
  readonly tour: Tour;
  /** Empty until they are fetched. */
  readonly steps: readonly TourStep[];
  /** Leads to a question’s answer and keeps the question above the page. */
  go(step: number): void;
}

/** The tour of the image in view. */
export function useTour(): TourInView | undefined {
  const shell = useShell();
  const desk = useDeskStore();
  const tour = useDesk((now) => tourOf(now.image?.fingerprint));
  const [steps, setSteps] = useState<readonly TourStep[]>([]);
  useEffect(() => {
    void tour?.load().then(setSteps);
  }, [tour]);
  if (!tour) return undefined;
  const go = (index: number) => {
    const step = steps[index];
    if (!step) return;
    standAt(tour.fingerprint, index);
    lead(step.goal, desk, shell);
  };
  return { tour, steps, go };
}

function lead(goal: TourGoal, desk: DeskStore, shell: Shell): void {
  shell.show('sheet' in goal ? goal.sheet : undefined);
  if ('sheet' in goal) return;
  const view = ('at' in goal && goal.view) || 'explorer';
  if (desk.getState().place.view !== view) desk.getState().look({ view });
  if ('type' in goal) setTimeout(() => typeAddress(goal.type), FOCUS_RETURNS_MS);
  else jumpTo(goal.at, desk);
}

/** A sheet gives the focus back when it closes: the box is written into after that. */
const FOCUS_RETURNS_MS = 60;

function jumpTo(address: string, desk: DeskStore): void {
  const { place, jump } = desk.getState();
  const at = place.root && parseVirtual(address, pagingMode(place.root.mode).virtualBits);
  if (at) jump({ kind: 'virtual', address: { page: virtualPage(at.page), offset: at.offset } });
}
