import type { Browser } from '@playwright/test';

/** Milliseconds that a worker of a page that does nothing else takes to read a file through its File, one block after another. */
export async function plainReading(browser: Browser, path: string, blockBytes: number): Promise<number> {
  const page = await browser.newPage();
  try {
    const input = await page.evaluateHandle(() => document.body.appendChild(Object.assign(document.createElement('input'), { type: 'file' })));
    await input.setInputFiles(path);
    return await input.evaluate(
      ({ files }, block) =>
        new Promise<number>((resolve, reject) => {
          const read = `onmessage = async ({ data: { file, block } }) => {
            const start = performance.now();
            for (let at = 0; at < file.size; at += block) await file.slice(at, at + block).arrayBuffer();
            postMessage(performance.now() - start);
          }`;
          const worker = new Worker(URL.createObjectURL(new Blob([read])));
          worker.onmessage = ({ data }) => resolve(data);
          worker.onerror = ({ message }) => reject(new Error(message));
          worker.postMessage({ file: files?.[0], block });
        }),
      blockBytes,
    );
  } finally {
    await page.close();
  }
}
