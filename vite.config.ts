import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';
import { contentSecurityPolicy, policyHeaders } from './src/scripts/csp.mjs';
import { pagewalkFonts } from './src/scripts/fonts.mjs';

export default defineConfig({
  base: './',
  // Not a single-page fallback: a file that is not there is a 404, in tests too.
  appType: 'mpa',
  plugins: [react(), pagewalkFonts(), contentSecurityPolicy(), policyHeaders()],
  worker: { format: 'es' },
  build: {
    target: 'es2023',
    sourcemap: false,
    // Nothing becomes a data: URL: the policy lets the page connect to its own files only.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    license: { fileName: 'licences/libraries.md' },
  },
  server: { host: '127.0.0.1' },
  preview: { host: '127.0.0.1', port: 4173 },
  test: {
    include: ['test/**/*.test.{ts,tsx}'],
    environment: 'node',
    setupFiles: ['test/support/seed.ts'],
    // Property tests run thousands of cases; a busy machine must not fail them.
    testTimeout: 60_000,
  },
});
