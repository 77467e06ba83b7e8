import { createStore, useStore } from 'zustand';

/** The question a tour stands at, and over which image. */
interface Standing {
  readonly fingerprint: string | undefined;
  readonly step: number;
}

const standing = createStore<Standing>(() => ({ fingerprint: undefined, step: 0 }));

export const standAt = (fingerprint: string, step: number): void => standing.setState({ fingerprint, step });
export const endTour = (): void => standing.setState({ fingerprint: undefined });

/** Undefined while no tour goes on over this image. */
export function useTourStep(fingerprint: string | undefined): number | undefined {
  return useStore(standing, (now) => (fingerprint !== undefined && now.fingerprint === fingerprint ? now.step : undefined));
}
