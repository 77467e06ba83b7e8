/**
 * What the page may load: its own files and nothing else. The `data:` images are the patterns of tokens.css; 'wasm-unsafe-eval' allows
 * WebAssembly (the xz decoder) and, unlike 'unsafe-eval', no script made of text.
 */
const built = {
  'default-src': "'none'",
  'script-src': "'self' 'wasm-unsafe-eval'",
  'style-src': "'self'",
  'font-src': "'self'",
  'img-src': "'self' data:",
  'worker-src': "'self'",
  'connect-src': "'self'",
  'base-uri': "'none'",
  'form-action': "'none'",
};

/** Vite's development server writes styles and its refresh script into the page and talks to it by WebSocket. */
const development = {
  ...built,
  'script-src': "'self' 'wasm-unsafe-eval' 'unsafe-inline'",
  'style-src': "'self' 'unsafe-inline'",
  'connect-src': "'self' ws:",
};

const written = (policy) =>
  Object.entries(policy)
    .map(([name, value]) => `${name} ${value}`)
    .join('; ');

const headers = (policy) => ({
  'Content-Security-Policy': `${written(policy)}; frame-ancestors 'none'`,
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
});

export const builtHeaders = headers(built);
export const developmentHeaders = headers(development);

/** Vite plugin: puts the policy into the built page itself, for hosts that send no headers. */
export function contentSecurityPolicy() {
  return {
    name: 'pagewalk-csp',
    apply: 'build',
    transformIndexHtml: () => [
      { tag: 'meta', attrs: { 'http-equiv': 'Content-Security-Policy', content: written(built) }, injectTo: 'head-prepend' },
    ],
  };
}
