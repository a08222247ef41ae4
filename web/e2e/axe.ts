// Looks for what axe finds wrong with a page, in light and in dark.

import { AxeBuilder } from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
/** The rules that look at colours: the others find in dark what they found in light. */
const COLOURS = ['color-contrast', 'link-in-text-block'];

/** Fails with each finding where there is one. */
export async function expectAccessible(page: Page): Promise<void> {
  // A page that is only on its way has no heading yet.
  await expect(page.locator('h1').first()).toBeAttached();
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    // Only what is wrong is described, and only frames need a page beside to be looked at: both take most of the time.
    const axe = new AxeBuilder({ page })
      .options({ resultTypes: ['violations'] })
      .setLegacyMode(page.frames().length === 1);
    const { violations } = await (colorScheme === 'light' ? axe.withTags(TAGS) : axe.withRules(COLOURS)).analyze();
    const found = violations.flatMap(({ id, help, nodes }) =>
      nodes.map(({ html, failureSummary }) => `${colorScheme} ${id}: ${help}\n  ${html}\n  ${failureSummary ?? ''}`),
    );
    expect(found).toEqual([]);
  }
}
