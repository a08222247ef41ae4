// The managed auth screen from right to left: nothing is cut off, and what runs from left to right in every language still
// does.

import { type Page } from '@playwright/test';
import { expectAccessible } from '../axe.ts';
import { picture } from '../screens.ts';
import { card, dialog, expect, fill, PASSWORD, test } from './fixture.ts';

/** As a language that is written from right to left has it. */
async function turn(page: Page): Promise<void> {
  await page.evaluate(() => (document.documentElement.dir = 'rtl'));
}

async function expectNothingCutOff(page: Page): Promise<void> {
  const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  expect(over).toBeLessThanOrEqual(0);
}

for (const width of [1440, 390, 320]) {
  test(`from right to left at ${width} px`, async ({ page, enter, world, user }) => {
    await page.setViewportSize({ width, height: 844 });
    await world.signIn('wiki', user, { username: 'ana', password: PASSWORD });
    await enter(page);
    await turn(page);
    await expectNothingCutOff(page);
    const wiki = card(page, 'wiki');
    const [initial, title] = await Promise.all([
      wiki.locator('.initial').boundingBox(),
      wiki.getByRole('heading').boundingBox(),
    ]);
    // What begins a line stands at the right.
    expect(initial && title && initial.x >= title.x + title.width).toBe(true);
    await wiki.getByLabel('More for ana').click();
    const items = await wiki.locator('.items').boundingBox();
    expect(items && items.x >= 0 && items.x + items.width <= width).toBe(true);
    await expectNothingCutOff(page);
    await expectAccessible(page);
    if (width === 1440) await picture(page, 'screen-rtl');
    await page.keyboard.press('Escape');

    await card(page, 'wiki').getByLabel('More for ana').click();
    await page.getByRole('button', { name: 'Switch account' }).click();
    await expect(dialog(page)).toBeVisible();
    await fill(page, 'ana', 'wrong');
    await expect(page.getByRole('alert')).toBeVisible();
    const password = page.getByRole('textbox', { name: 'Password' });
    const [field, reveal] = await Promise.all([
      password.boundingBox(),
      page.getByRole('button', { name: 'Show password' }).boundingBox(),
    ]);
    expect(field && reveal && reveal.x < field.x + field.width / 2).toBe(true);
    await expectNothingCutOff(page);
    await expectAccessible(page);
    if (width === 390) await picture(page, 'screen-rtl-form');
  });
}

test('hosts and addresses run from left to right', async ({ page, enter }) => {
  await enter(page);
  await turn(page);
  const host = card(page, 'wiki').locator('bdi[dir=ltr]');
  await expect(host.first()).toHaveText('127.0.0.1');
  expect(await host.first().evaluate((element) => getComputedStyle(element).direction)).toBe('ltr');
});
