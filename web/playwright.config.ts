// Browser tests: Debian's Chromium against the real binary, each file with a server and a data folder of its own.

import { homedir } from 'node:os';
import { resolve } from 'node:path';
import { defineConfig } from '@playwright/test';

const target = process.env.CARGO_TARGET_DIR ?? resolve(homedir(), '.cache/stepgate/target');

export default defineConfig({
  testDir: 'e2e',
  outputDir: resolve(target, 'pages'),
  workers: 2,
  retries: 1,
  forbidOnly: true,
  timeout: 300_000,
  expect: { timeout: 30_000 },
  reporter: [['list']],
  use: {
    viewport: { width: 1440, height: 900 },
    actionTimeout: 60_000,
    // A trace costs as much as the test does: one that failed is run again for it, and told to be flaky where it passes then.
    trace: 'on-first-retry',
    launchOptions: {
      executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
      // Debian's sandbox needs what a container and root do not have; only pages of ours are opened.
      args: ['--no-sandbox'],
    },
  },
});
