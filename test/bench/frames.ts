/** Frames that a page drew, by requestAnimationFrame. */
import type { Page } from '@playwright/test';

/** Milliseconds between one frame and the next: 16.7 on a display of 60 a second, twice that where one was missed. */
export interface Frames {
  readonly count: number;
  readonly median: number;
  readonly longest: number;
  /** 95 of 100 took no longer. */
  readonly percentile95: number;
  /** Frames over 50 ms. */
  readonly slow: number;
  /** Milliseconds that the page's thread computed for each frame: where it is small, a missed frame was not the page's doing. */
  readonly busy: number;
}

const SLOW_MS = 50;

function framesOf(times: readonly number[], busySeconds: number): Frames {
  const lengths = times.slice(1).map((time, i) => time - (times[i] ?? time));
  lengths.sort((a, b) => a - b);
  const at = (share: number): number => lengths[Math.min(lengths.length - 1, Math.floor(lengths.length * share))] ?? 0;
  return {
    count: lengths.length,
    median: at(0.5),
    longest: at(1),
    percentile95: at(0.95),
    slow: lengths.filter((length) => length > SLOW_MS).length,
    busy: (busySeconds * 1000) / Math.max(1, lengths.length),
  };
}

/** Frames while `act` runs. */
export async function framesDuring(page: Page, act: () => Promise<void>): Promise<Frames> {
  const devTools = await page.context().newCDPSession(page);
  await devTools.send('Performance.enable', { timeDomain: 'threadTicks' });
  const busy = async (): Promise<number> => {
    const { metrics } = await devTools.send('Performance.getMetrics');
    return metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN;
  };
  const recorder = await page.evaluateHandle(recordFrames);
  const before = await busy();
  await act();
  const spent = (await busy()) - before;
  const times = await recorder.evaluate((record) => {
    record.on = false;
    return record.times;
  });
  await devTools.detach();
  return framesOf(times, spent);
}

/** Runs in the page. */
function recordFrames(): { times: number[]; on: boolean } {
  const record = { times: [] as number[], on: true };
  const step = (time: number): void => {
    record.times.push(time);
    if (record.on) requestAnimationFrame(step);
  };
  requestAnimationFrame(step);
  return record;
}
