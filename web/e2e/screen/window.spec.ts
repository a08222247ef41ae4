// Sign-ins at an API's own page: in a window beside the screen, in this tab where there is none, and however it ends.

import type { Page } from '@playwright/test';
import { card, dialog, expect, test } from './fixture.ts';

const begin = (page: Page) => card(page, 'drive').getByRole('button', { name: 'Sign in' }).click();

test('opens a window in the click, closes it by itself, and shows what came of it', async ({ page, enter }) => {
  await enter(page);
  const opened = page.waitForEvent('popup');
  await begin(page);
  const popup = await opened;
  await expect(popup.getByRole('heading')).toHaveText('Drive');
  await expect(dialog(page)).toContainText('in the window that opened');
  const closed = popup.waitForEvent('close');
  await popup.getByRole('button', { name: 'Allow' }).click();
  await expect(card(page, 'drive')).toContainText('Signed in · ana');
  await closed;
  await expect(dialog(page)).toBeHidden();
});

test('takes a closed window for a hint, and opens it again', async ({ page, enter }) => {
  await enter(page);
  const first = page.waitForEvent('popup');
  await begin(page);
  const closed = await first;
  await expect(closed.getByRole('heading')).toHaveText('Drive');
  await closed.close();
  await expect(dialog(page)).toContainText('The window was closed.');
  const second = page.waitForEvent('popup');
  await page.getByRole('button', { name: 'Open again' }).click();
  await (await second).getByRole('button', { name: 'Allow' }).click();
  await expect(card(page, 'drive')).toContainText('Signed in');
});

test('offers a window, this tab or a link where the browser blocks windows', async ({ page, enter, context }) => {
  await context.addInitScript(() => (window.open = () => null));
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await enter(page);
  await begin(page);
  await expect(page.getByRole('alert')).toContainText('Your browser blocked the sign-in window.');
  await expect(page.getByRole('button', { name: 'Open window' })).toBeFocused();
  await page.getByRole('button', { name: 'Copy link' }).click();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toContain('/open/');
  await page.getByRole('link', { name: 'Use this tab' }).click();
  await page.getByRole('button', { name: 'Allow' }).click();
  await expect(card(page, 'drive')).toContainText('Signed in · ana');
});

test('leaves the window with what went wrong, and says it on the screen', async ({ page, enter }) => {
  await enter(page);
  const opened = page.waitForEvent('popup');
  await begin(page);
  await (await opened).getByRole('button', { name: 'Deny' }).click();
  await expect(dialog(page).getByRole('alert')).toBeVisible();
  await expect(dialog(page).getByRole('button', { name: 'Try again' })).toBeVisible();
});

test('gives up where the person cancels, and closes the window', async ({ page, enter, world, user }) => {
  await enter(page);
  const opened = page.waitForEvent('popup');
  await begin(page);
  const popup = await opened;
  await expect(popup.getByRole('heading')).toHaveText('Drive');
  const closed = popup.waitForEvent('close');
  await dialog(page).getByRole('button', { name: 'Cancel' }).click();
  await closed;
  await expect(dialog(page)).toBeHidden();
  expect((await world.standing(user)).drive).toBe(false);
});

test('takes this tab on a phone', async ({ browser, enter }) => {
  const context = await browser.newContext({
    userAgent: 'Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 Version/17.0 Mobile/15E148 Safari/604.1',
    viewport: { width: 390, height: 844 },
    hasTouch: true,
  });
  const page = await context.newPage();
  await enter(page);
  await begin(page);
  await page.getByRole('button', { name: 'Allow' }).click();
  await expect(card(page, 'drive')).toContainText('Signed in · ana');
  expect(context.pages()).toHaveLength(1);
  await context.close();
});

test('sends who is inside another app to their browser', async ({ browser, enter }) => {
  const context = await browser.newContext({
    userAgent: 'Mozilla/5.0 (Linux; Android 14; Pixel 8 Build/UQ1A; wv) AppleWebKit/537.36 Version/4.0 Chrome/120 Mobile Safari/537.36',
    viewport: { width: 390, height: 844 },
  });
  const page = await context.newPage();
  await enter(page);
  await begin(page);
  await expect(dialog(page)).toContainText('Open the link in your browser.');
  await expect(page.getByRole('button', { name: 'Copy link' })).toBeVisible();
  await context.close();
});

test('goes on with a sign-in that was finished elsewhere', async ({ page, enter, world, user }) => {
  await enter(page);
  await card(page, 'wiki').getByRole('button', { name: 'Sign in' }).click();
  await expect(dialog(page)).toBeVisible();
  const run = (await world.ask('POST', '/api/runs', { connector: 'wiki' }, user)).body as { id: string };
  await world.ask('POST', `/api/runs/${run.id}/answers`, { form1: { username: 'ana', password: 'canary-7d1f-password' } }, user);
  await expect(card(page, 'wiki')).toContainText('Signed in · ana');
  await expect(dialog(page)).toBeHidden();
});
