// Every state of the screen as axe sees it, in light and in dark, and as people do where pictures are asked for.

import { expectAccessible } from '../axe.ts';
import { picture } from '../screens.ts';
import { card, dialog, expect, fill, PASSWORD, RETURN_TO, test } from './fixture.ts';

test('the list, its menus, and who is signed out', async ({ page, enter, world, user }) => {
  await enter(page);
  await expectAccessible(page);
  await picture(page, 'screen-list');
  await world.signIn('wiki', user, { username: 'ana', password: PASSWORD });
  await page.reload();
  await card(page, 'wiki').getByLabel('More for ana').click();
  await expectAccessible(page);
  await page.keyboard.press('Escape');
  await card(page, 'wiki').getByText('Add another account').click();
  await expectAccessible(page);
  world.site.expire();
  const call = async () => (await world.ask('POST', '/call/wiki/notes', { parameters: {} }, user)).status;
  await expect.poll(call, { timeout: 20_000 }).toBe(409);
  await page.reload();
  await card(page, 'wiki').getByText('Why am I signed out?').click();
  await expectAccessible(page);
  await picture(page, 'screen-signed-out');
});

test('the form, a refusal, and the question before typing is lost', async ({ page, enter }) => {
  await enter(page);
  await card(page, 'wiki').getByRole('button', { name: 'Sign in' }).click();
  await expect(dialog(page)).toBeVisible();
  await expectAccessible(page);
  await picture(page, 'screen-form');
  await fill(page, 'ana', 'wrong');
  await expect(page.getByRole('alert')).toBeVisible();
  await expectAccessible(page);
  await picture(page, 'screen-refused');
  await page.getByRole('textbox', { name: 'Password' }).fill('x');
  await page.keyboard.press('Escape');
  await expect(page.getByText('Discard what you typed?')).toBeVisible();
  await expectAccessible(page);
});

test('a window that opened, was closed, was blocked, and what went wrong in it', async ({ page, enter }) => {
  await enter(page);
  const begin = () => card(page, 'drive').getByRole('button', { name: 'Sign in' }).click();
  const opened = page.waitForEvent('popup');
  await begin();
  const popup = await opened;
  await expect(popup.getByRole('heading')).toHaveText('Drive');
  await expect(dialog(page)).toContainText('in the window that opened');
  await expectAccessible(page);
  await picture(page, 'screen-window');
  await popup.close();
  await expect(dialog(page)).toContainText('The window was closed.');
  await expectAccessible(page);
  await page.evaluate(() => (window.open = () => null));
  await page.getByRole('button', { name: 'Open again' }).click();
  await expect(page.getByRole('alert')).toContainText('blocked');
  await expectAccessible(page);
  await page.getByRole('link', { name: 'Use this tab' }).click();
  await page.getByRole('button', { name: 'Deny' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Not signed in to Drive');
  await expectAccessible(page);
  await picture(page, 'screen-failed');
});

test('before the screen, where it ends, and when all is done', async ({ page, world, user }) => {
  const link = await world.link(user, { return_to: RETURN_TO });
  await page.goto(link);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(`Continue as ${user}?`);
  await expectAccessible(page);
  await picture(page, 'screen-before');
  await page.getByRole('button', { name: `Continue as ${user}` }).click();
  await page.context().clearCookies();
  await page.goto(link);
  await page.getByRole('button', { name: `Continue as ${user}` }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('This link has ended');
  await expectAccessible(page);
  await page.goto(`${world.url}/auth/nowhere`);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('There is nothing here');
  await expectAccessible(page);
});

test('the account is another one than before', async ({ page, enter, world, user }) => {
  await world.signIn('wiki', user, { username: 'ana', password: PASSWORD });
  await enter(page);
  await card(page, 'wiki').getByLabel('More for ana').click();
  await page.getByRole('button', { name: 'Switch account' }).click();
  await fill(page, 'ben');
  await expect(dialog(page)).toContainText('Before, it was ana.');
  await expectAccessible(page);
  await picture(page, 'screen-another');
});
