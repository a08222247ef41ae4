// What vitest runs: the tables beside the code, in Node; browsers are Playwright's.

import { defineConfig } from 'vitest/config';

export default defineConfig({ test: { include: ['src/**/*.test.{ts,tsx}'] } });
