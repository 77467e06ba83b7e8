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

/** What `spin` takes on the machine that the aim of 50 ms was set on, in milliseconds. */
const USUAL_SPIN_MS = 82;

export interface Longest {
  /** Milliseconds of processor time of the longest task of the page's main thread. */
  readonly task: number;
  /** How many times slower than usual the machine computed meanwhile, by processor time too; at least 1. */
  readonly slow: number;
}

/** Traces `act`, and then a loop of known length in the same thread, so that both are read from one clock. */
export async function longestTask(browser: Browser, page: Page, act: () => Promise<void>): Promise<Longest> {
  await browser.startTracing(page, { categories: CATEGORIES });
  await page.evaluate(() => performance.mark('pagewalk-act'));
  await act();
  await page.evaluate(spin);
  const trace = JSON.parse((await browser.stopTracing()).toString()) as { readonly traceEvents: readonly TraceEvent[] };
  return readTrace(trace.traceEvents);
}

/** Runs in the page: marks its beginning, so that the task around it is found. */
function spin(): number {
  performance.mark('pagewalk-spin');
  let word = 0;
  for (let i = 0; i < 2e7; i++) word = (word * 31 + i) % 65521;
  return word;
}

function readTrace(events: readonly TraceEvent[]): Longest {
  const act = markOf(events, 'pagewalk-act');
  const spun = markOf(events, 'pagewalk-spin');
  const tasks = events.filter(
    ({ name, ph, pid, tid, ts }) => ph === 'X' && name.endsWith('RunTask') && pid === act.pid && tid === act.tid && ts > act.ts,
  );
  const spins = tasks.filter(({ ts, dur }) => ts <= spun.ts && spun.ts <= ts + (dur ?? 0));
  const others = tasks.filter((task) => !spins.includes(task));
  if (others.length === 0 || spins.length === 0) throw new Error('the trace has no task of the page');
  return { task: Math.max(...others.map(milliseconds)), slow: Math.max(1, Math.max(...spins.map(milliseconds)) / USUAL_SPIN_MS) };
}

const milliseconds = ({ tdur, dur }: TraceEvent): number => (tdur ?? dur ?? 0) / 1000;

function markOf(events: readonly TraceEvent[], mark: string): TraceEvent {
  const found = events.find(({ name }) => name === mark);
  if (!found) throw new Error(`the trace has no mark ${mark}`);
  return found;
}
