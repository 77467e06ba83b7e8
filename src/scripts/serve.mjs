import { root } from './root.mjs';

/**
 * Serves dist/ on this machine only.
 * @param {{ port?: number, strictPort?: boolean }} [options] `port` 0 takes any free one; without `strictPort` the next free one is taken.
 * @returns {Promise<{ url: string, close(): Promise<void> }>}
 */
export async function serveDist(options = {}) {
  const { preview } = await import('vite');
  const server = await preview({ root, logLevel: 'warn', preview: { host: '127.0.0.1', ...options } });
  const address = server.httpServer.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return { url: `http://127.0.0.1:${address.port}/`, close: () => server.close() };
}
