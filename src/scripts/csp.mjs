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

/**
 * An image may lie behind any server, and which is known only when the user has said yes to it. So one worker may ask anywhere, the page
 * never: a worker has the policy of its own file (CSP 3, section 4.2), and this one is started after the yes. Where a host sends no
 * headers, the page has its policy from its own meta tag, and this worker none.
 */
const remoteWorker = (policy) => ({ ...policy, 'connect-src': `${policy['connect-src']} https: http:` });
const REMOTE_WORKER = /\/remote\.worker[^/]*\.[jt]s(\?|$)/;

const headersOf = (policy) => {
  const [usual, remote] = [headers(policy), headers(remoteWorker(policy))];
  return (request, response, next) => {
    for (const [name, value] of Object.entries(REMOTE_WORKER.test(request.url ?? '') ? remote : usual)) response.setHeader(name, value);
    next();
  };
};

/** Vite plugin: the headers of both servers. */
export function policyHeaders() {
  return {
    name: 'pagewalk-headers',
    configureServer: (server) => void server.middlewares.use(headersOf(development)),
    configurePreviewServer: (server) => void server.middlewares.use(headersOf(built)),
  };
}

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
