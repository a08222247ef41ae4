// Pictures of pages, kept in the README's folder when asked for by UPDATE_SCREENS=1.

import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Page } from '@playwright/test';

const asked = process.env.UPDATE_SCREENS !== undefined;
const folder =
  process.env.SCREENS_FOLDER ?? resolve(import.meta.dirname, '../../docs/screens');

const SIZES = { 1440: { width: 1440, height: 900 }, 390: { width: 390, height: 844 } } as const;

/** Takes a page in both sizes, light and dark, where pictures were asked for. */
export async function picture(page: Page, name: string, schemes = ['light', 'dark'] as const): Promise<void> {
  if (!asked) return;
  mkdirSync(folder, { recursive: true });
  const before = page.viewportSize();
  for (const [width, size] of Object.entries(SIZES)) {
    await page.setViewportSize(size);
    for (const colorScheme of schemes) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await page.screenshot({ path: resolve(folder, `${name}-${width}-${colorScheme}.png`) });
    }
  }
  if (before) await page.setViewportSize(before);
}
