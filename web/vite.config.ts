// How the page is built: two entries, hashed names, each file also compressed, all outside the checkout.

import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { resolve } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { compressed } from './scripts/compressed.ts';

const target = process.env.CARGO_TARGET_DIR ?? resolve(homedir(), '.cache/stepgate/target');
const server = process.env.STEPGATE_URL ?? 'http://127.0.0.1:8080';

/** The enhancement of the managed auth screen, which loads none of the builder's page. */
const screen = resolve(import.meta.dirname, 'src/screen/main.ts');

export default defineConfig({
  plugins: [react(), compressed()],
  // The server puts a nonce of its own into each answer, for the styles that components make while they run.
  html: { cspNonce: 'STEPGATE_NONCE' },
  server: {
    proxy: Object.fromEntries(
      ['/api', '/auth', '/callback', '/proxy', '/call', '/sdk.js'].map((path) => [path, server]),
    ),
  },
  build: {
    outDir: process.env.STEPGATE_WEB ?? resolve(target, 'web'),
    emptyOutDir: true,
    manifest: true,
    target: 'es2022',
    // Those that know `light-dark()`; older ones would not get the colours of the scheme that was chosen.
    cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // `npm run budgets` judges what is loaded, by what it costs on the way.
    chunkSizeWarningLimit: 2_000,
    rolldownOptions: {
      input: [resolve(import.meta.dirname, 'index.html'), ...(existsSync(screen) ? [screen] : [])],
    },
  },
});
