import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { virtualPage } from '#core/memory/address.ts';
import type { ImageSummary } from '#core/session/contract.ts';
import { createDesk } from '#ui/state/desk.ts';
import { DeskHistory, type HistoryWindow } from '#ui/state/history.ts';
import { parseLink } from '#ui/state/permalink.ts';

/** A browser's history as far as the desk uses it. */
function fakeWindow() {
  const entries: { state: unknown; hash: string }[] = [{ state: null, hash: '' }];
  const calls = { push: 0, replace: 0 };
  let at = 0;
  const pops: ((event: PopStateEvent) => void)[] = [];
  const go = (step: number) => {
    at += step;
    for (const pop of pops) pop({ state: entries[at]?.state } as PopStateEvent);
  };
  const write = (index: number, state: unknown, hash: string | undefined) => {
    entries[index] = { state, hash: hash ?? entries[index]?.hash ?? '' };
  };
  const fake = {
    history: {
      get state() {
        return entries[at]?.state;
      },
      pushState(state: unknown, _: string, hash?: string) {
        calls.push += 1;
        entries.length = at + 1;
        at += 1;
        write(at, state, hash);
      },
      replaceState(state: unknown, _: string, hash?: string) {
        calls.replace += 1;
        write(at, state, hash);
      },
      back: () => go(-1),
      forward: () => go(1),
    },
    location: {
      get hash() {
        return entries[at]?.hash ?? '';
      },
    },
    addEventListener: (_: string, listener: (event: PopStateEvent) => void) => pops.push(listener),
  };
  return { window: fake as unknown as HistoryWindow, entries, calls };
}

const image = { name: 'a.raw', fileSize: 4096, fingerprint: '0011223344556677' } as ImageSummary;
const at = (page: number) => ({ page: virtualPage(page), offset: 0 });

function setUp() {
  const desk = createDesk({ image });
  const fake = fakeWindow();
  const followed: string[] = [];
  const history = new DeskHistory(desk, fake.window, (hash) => {
    followed.push(hash);
    const link = parseLink(hash)?.link;
    if (link) desk.setState({ place: link.place });
  });
  return { desk, history, followed, ...fake };
}

describe('DeskHistory', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  test('selecting rewrites one entry, seldom', () => {
    const { desk, entries, calls } = setUp();
    const before = calls.replace;
    for (let page = 0; page < 100; page++) desk.getState().select(at(page));
    vi.advanceTimersByTime(1000);
    expect(entries).toHaveLength(1);
    expect(calls.replace - before).toBe(1);
    expect(entries[0]?.hash).toContain('at=63000');
  });

  test('a jump is an entry, and the one left keeps its last place', () => {
    const { desk, entries } = setUp();
    desk.getState().select(at(0x10));
    desk.getState().jump({ kind: 'virtual', address: at(0x20) });
    expect(entries.map(({ hash }) => parseLink(hash)?.link.place.address.page)).toEqual([0x10, 0x20]);
  });

  test('back and forward go through jumps and say when there are none', () => {
    const { desk, history, followed } = setUp();
    desk.getState().jump({ kind: 'virtual', address: at(0x20) });
    desk.getState().jump({ kind: 'virtual', address: at(0x30) });
    expect(history.trail).toEqual({ at: 2, last: 2 });
    history.back();
    expect(desk.getState().place.address.page).toBe(0x20);
    expect(history.trail).toEqual({ at: 1, last: 2 });
    history.forward();
    history.forward();
    expect(desk.getState().place.address.page).toBe(0x30);
    expect(followed).toHaveLength(2);
  });

  test('going back writes nothing, so that forward is still there', () => {
    const { desk, history, entries } = setUp();
    desk.getState().jump({ kind: 'virtual', address: at(0x20) });
    history.back();
    vi.advanceTimersByTime(1000);
    expect(entries).toHaveLength(2);
    expect(desk.getState().place.address.page).toBe(0);
  });

  test('nothing is written while nothing is open', () => {
    const { desk, entries } = setUp();
    desk.setState({ image: undefined });
    vi.advanceTimersByTime(1000);
    desk.getState().select(at(7));
    vi.advanceTimersByTime(1000);
    expect(entries[0]?.hash).toBe('');
  });
});
