import type { Page } from '@playwright/test';

/** Drops files from the machine onto the page with the events a real drag sends. */
export async function dropFiles(page: Page, files: readonly string[], at?: { readonly x: number; readonly y: number }): Promise<void> {
  const size = page.viewportSize() ?? { width: 1440, height: 900 };
  const point = at ?? { x: size.width / 2, y: size.height / 2 };
  const session = await page.context().newCDPSession(page);
  const data = { items: [], files: [...files], dragOperationsMask: 1 };
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const) {
    await session.send('Input.dispatchDragEvent', { type, ...point, data });
  }
  await session.detach();
}
