// @vitest-environment jsdom
import { act, cleanup, fireEvent, render, screen } from '@testing-library/react';
import type { ReactElement } from 'react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { TABLE_CELL } from '#core/session/contract.ts';
import { Thumbnail } from '#ui/kit/Thumbnail.tsx';

const filled: [x: number, y: number, width: number, height: number][] = [];
const rings: unknown[] = [];

/** A canvas of 128 × 16 that notes what is painted on it. */
function fakeCanvas(): void {
  vi.spyOn(HTMLCanvasElement.prototype, 'clientWidth', 'get').mockReturnValue(128);
  vi.spyOn(HTMLCanvasElement.prototype, 'clientHeight', 'get').mockReturnValue(16);
  vi.spyOn(HTMLCanvasElement.prototype, 'getBoundingClientRect').mockReturnValue(new DOMRect(100, 50, 128, 16));
  vi.spyOn(window, 'getComputedStyle').mockReturnValue({ getPropertyValue: (token: string) => token } as CSSStyleDeclaration);
  const context = {
    fillRect: (...box: [number, number, number, number]) => filled.push(box),
    strokeRect: (...box: unknown[]) => rings.push(box),
    createPattern: () => null,
    clearRect: () => undefined,
  };
  vi.spyOn(HTMLCanvasElement.prototype, 'getContext').mockReturnValue(context as unknown as CanvasRenderingContext2D);
}

afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
  filled.length = 0;
  rings.length = 0;
});

/** Pictures are painted together before the next frame. */
async function show(picture: ReactElement): Promise<void> {
  await act(async () => {
    render(picture);
  });
  await new Promise(requestAnimationFrame);
}

const table = (entries: number, cells: Readonly<Record<number, number>>): Uint8Array => {
  const all = new Uint8Array(entries).fill(6);
  for (const [slot, kind] of Object.entries(cells)) all[Number(slot)] = kind;
  return all;
};

describe('a thumbnail', () => {
  it('paints a cell of two by two pixels for each slot that is not zero, 64 a line', async () => {
    fakeCanvas();
    await show(<Thumbnail cells={table(512, { 0: 0, 65: 1, 511: TABLE_CELL })} label="PD[3]" />);
    expect(filled).toEqual([
      [0, 0, 2, 2],
      [2, 2, 2, 2],
      [126, 14, 2, 2],
    ]);
    expect(screen.getByRole('img', { name: 'PD[3]' })).toBeTruthy();
  });

  it('fits 1,024 slots in the same picture', async () => {
    fakeCanvas();
    await show(<Thumbnail cells={table(1024, { 1023: 0 })} label="PD" />);
    expect(filled).toEqual([[126, 15, 2, 1]]);
  });

  it('rings the selected slot', async () => {
    fakeCanvas();
    await show(<Thumbnail cells={table(512, {})} label="PD" selectedSlot={128} />);
    expect(rings).toEqual([[0.5, 3.5, 3, 3]]);
  });

  it('tells the slot under the pointer, and the one that is clicked', async () => {
    fakeCanvas();
    const onHoverSlot = vi.fn();
    const onSelectSlot = vi.fn();
    await show(<Thumbnail cells={table(512, {})} label="PD" onHoverSlot={onHoverSlot} onSelectSlot={onSelectSlot} />);
    const canvas = screen.getByRole('img');
    fireEvent.pointerMove(canvas, { clientX: 100 + 5, clientY: 50 + 4 });
    expect(onHoverSlot).toHaveBeenLastCalledWith(130);
    fireEvent.click(canvas, { clientX: 227, clientY: 65 });
    expect(onSelectSlot).toHaveBeenLastCalledWith(511);
    fireEvent.pointerLeave(canvas);
    expect(onHoverSlot).toHaveBeenLastCalledWith(undefined);
  });
});
