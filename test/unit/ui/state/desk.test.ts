import { describe, expect, test } from 'vitest';
import { virtualPage } from '#core/memory/address.ts';
import type { AtlasSummary, FramePassport, ImageSummary, Questions, TableView } from '#core/session/contract.ts';
import { createDesk } from '#ui/state/desk.ts';
import { firstAddress, firstRoot, fitPlace } from '#ui/state/first-look.ts';
import { firstPlace } from '#ui/state/place.ts';

const root = { address: 0x1000, mode: 'pae' } as const;
const place = { ...firstPlace, root };
const at = (page: number, offset = 0) => ({ page: virtualPage(page), offset });

function deskWith(answers: Partial<Questions>) {
  return createDesk({ questions: answers as Questions, place });
}

const passport = (...pages: number[]) =>
  ({
    passport: async (_, frame) => ({ frame, places: pages.map((firstPage) => ({ firstPage })) }) as unknown as FramePassport,
  }) as Partial<Questions>;

describe('jump', () => {
  test('to a frame goes where the space shows it, lowest place first', async () => {
    const desk = deskWith(passport(0xc3013, 0x10042));
    desk.getState().jump({ kind: 'frame', frame: 0x3013, offset: 8 });
    await expect.poll(() => desk.getState().place.address).toEqual(at(0x10042, 8));
    expect(desk.getState().jumps).toBe(1);
  });

  test('to a frame that nothing maps looks at its machine address', async () => {
    const desk = deskWith(passport());
    desk.getState().jump({ kind: 'frame', frame: 0x3013, offset: 8 });
    await expect.poll(() => desk.getState().place.machine).toBe(0x3013008);
    desk.getState().select(at(5));
    expect(desk.getState().place.machine).toBeUndefined();
  });

  test('to a slot goes to the first page it covers', async () => {
    const desk = deskWith({ table: async () => ({ firstPage: 0xc0000, pagesPerEntry: 512 }) as TableView });
    desk.getState().jump({ kind: 'table', path: [3], slot: 428 });
    await expect.poll(() => desk.getState().place.address.page).toBe(0xf5800);
  });

  test('to the file pins the last pane there', async () => {
    const desk = deskWith({});
    desk.getState().jump({ kind: 'file', offset: 4097 });
    await expect.poll(() => desk.getState().place.panes.at(-1)).toEqual({ id: 2, space: 'file', pinned: { page: 1, offset: 1 } });
  });

  test('that fails is told and moves nothing', async () => {
    const desk = deskWith({ passport: () => Promise.reject(new Error('the reader is gone')) });
    desk.getState().jump({ kind: 'frame', frame: 1, offset: 0 });
    await expect.poll(() => desk.getState().notices.length).toBe(1);
    expect(desk.getState().place).toBe(place);
  });
});

describe('look', () => {
  test('undefined takes an optional part away', () => {
    const desk = deskWith({});
    desk.getState().look({ window: { firstPage: 1, pageCount: 2 } });
    desk.getState().look({ window: undefined });
    expect('window' in desk.getState().place).toBe(false);
  });
});

describe('the first look', () => {
  const choice = (address: number, more: object) => ({ ...root, address, held: true, ...more });
  const image = (...roots: object[]) => ({ roots }) as unknown as ImageSummary;

  test('takes the root of a CPU in user mode before one in the kernel, a held one before all', () => {
    const kernel = choice(1, { cpu: { index: 0 } });
    const user = choice(2, { cpu: { index: 1, inUserMode: true } });
    const lost = choice(3, { held: false, cpu: { index: 2, inUserMode: true } });
    expect(firstRoot(image(kernel, user, lost), undefined)?.address).toBe(2);
    expect(firstRoot(image(kernel, lost), undefined)?.address).toBe(1);
    expect(firstRoot(image(), undefined)).toBeUndefined();
    expect(firstRoot(image(kernel), root)).toEqual(root);
  });

  test('stands at the lowest memory that is mapped', () => {
    const regions = [
      { firstPage: 1, kind: 'absent' },
      { firstPage: 9, kind: 'read-only' },
    ];
    expect(firstAddress({ regions } as unknown as AtlasSummary)).toEqual(at(9));
  });

  test('brings a place of another mode inside the space', () => {
    const fitted = fitPlace({ ...place, address: at(2 ** 36 - 1), window: { firstPage: 0, pageCount: 2 ** 36 } });
    expect(fitted.address.page).toBe(2 ** 20 - 1);
    expect(fitted.window).toBeUndefined();
  });
});
