/** How long the page's thread was held by one task, read from the browser's own trace. */
import type { Browser, Page } from '@playwright/test';

const CATEGORIES = ['toplevel', 'blink.user_timing', 'disabled-by-default-devtools.timeline'];

interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  /** Microseconds. */
  readonly ts: number;
  readonly dur?: number;
  /** Microseconds that the thread had a processor in `dur`: what others on a busy machine take is not in it. */
  readonly tdur?: number;
}

/** Milliseconds of processor time of the longest task of the page's main thread during `act`. */
export async function longestTask(browser: Browser, page: Page, act: () => Promise<void>): Promise<number> {
  await browser.startTracing(page, { categories: CATEGORIES });
  await page.evaluate(() => performance.mark('pagewalk-act'));
  await act();
  const trace = JSON.parse((await browser.stopTracing()).toString()) as { readonly traceEvents: readonly TraceEvent[] };
  const mark = trace.traceEvents.find(({ name }) => name === 'pagewalk-act');
  if (!mark) throw new Error('the trace has no mark of its beginning');
  const tasks = trace.traceEvents.filter(
    ({ name, ph, pid, tid, ts }) => ph === 'X' && name.endsWith('RunTask') && pid === mark.pid && tid === mark.tid && ts > mark.ts,
  );
  if (tasks.length === 0) throw new Error('the trace has no task of the page');
  return Math.max(...tasks.map(({ tdur, dur }) => (tdur ?? dur ?? 0) / 1000));
}

/** What `spin` takes on the machine that the aim of 50 ms was set on. */
const USUAL_SPIN_MS = 82;

/** How many times slower than usual this machine computes now; at least 1. */
export async function slowness(page: Page): Promise<number> {
  const spins = await page.evaluate(() => {
    const spin = (): number => {
      const start = performance.now();
      let word = 0;
      for (let i = 0; i < 2e7; i++) word = (word * 31 + i) % 65521;
      return word < 0 ? 0 : performance.now() - start;
    };
    return [spin(), spin(), spin()];
  });
  return Math.max(1, Math.min(...spins) / USUAL_SPIN_MS);
}
