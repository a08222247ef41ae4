// Pictures of pages, kept in the README's folder when asked for by UPDATE_SCREENS=1.

import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Page } from '@playwright/test';

const asked = process.env.UPDATE_SCREENS !== undefined;
const folder = process.env.SCREENS_FOLDER ?? resolve(import.meta.dirname, '../../docs/screens');

const LOOKS = [
  { size: { width: 1440, height: 900 }, colorScheme: 'light' },
  { size: { width: 390, height: 844 }, colorScheme: 'dark' },
] as const;

/** Takes a page wide and light, and narrow and dark, where pictures were asked for; `again` brings up what another size hides. */
export async function picture(page: Page, name: string, again?: () => Promise<void>): Promise<void> {
  if (!asked) return;
  mkdirSync(folder, { recursive: true });
  const before = page.viewportSize();
  for (const { size, colorScheme } of LOOKS) {
    await page.setViewportSize(size);
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await again?.();
    await page.screenshot({ path: resolve(folder, `${name}-${size.width}-${colorScheme}.png`) });
  }
  if (before) await page.setViewportSize(before);
}
