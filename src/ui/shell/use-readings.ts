import { useEffect, useState } from 'react';
import type { Readings } from '#core/session/contract.ts';
import { type DeskStore, useDeskStore } from '#ui/state/desk.ts';

export interface AskedReadings {
  readonly text: string;
  readonly readings: Readings | undefined;
}

/** What the typed text may mean, asked while one types; the last answer stays until the next is there. */
export function useReadings(text: string): AskedReadings {
  const desk = useDeskStore();
  const [asked, setAsked] = useState<AskedReadings>({ text: '', readings: undefined });
  useEffect(() => {
    let dropped = false;
    void askReadings(desk, text).then((readings) => dropped || setAsked({ text, readings }));
    return () => {
      dropped = true;
    };
  }, [desk, text]);
  return asked;
}

export async function askReadings(desk: DeskStore, text: string): Promise<Readings | undefined> {
  const { questions, place } = desk.getState();
  if (text.trim() === '' || !questions) return undefined;
  try {
    return await questions.readings(place.root, text, place.address, place.machine);
  } catch (error) {
    return { readings: [], problem: error instanceof Error ? error.message : String(error) };
  }
}
