// Tests stand beside the sources, and use a browser that is made up.

import { defineConfig } from 'vitest/config';

export default defineConfig({ test: { include: ['tests/**/*.test.ts'] } });
