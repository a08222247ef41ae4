// Looks for what axe finds wrong with a page, in light and in dark.

import { AxeBuilder } from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** Fails with each finding where there is one. */
export async function expectAccessible(page: Page): Promise<void> {
  // A page that is only on its way has no heading yet.
  await expect(page.locator('h1').first()).toBeAttached();
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    const { violations } = await new AxeBuilder({ page }).withTags(TAGS).analyze();
    const found = violations.flatMap(({ id, help, nodes }) =>
      nodes.map(({ html, failureSummary }) => `${colorScheme} ${id}: ${help}\n  ${html}\n  ${failureSummary ?? ''}`),
    );
    expect(found).toEqual([]);
  }
}
