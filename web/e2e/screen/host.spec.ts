// The SDK in the example host app: the authentication screen with and without a reload, in a popup, a frame and in place,
// and calls that wait for one sign-in.

import type { Page } from '@playwright/test';
import { dialog, expect, fill, PASSWORD, test } from './fixture.ts';
import type { Host } from './host.ts';

/** Opens the app as a user of its own, with something on the page that a reload would lose. */
async function open(page: Page, host: Host, user: string): Promise<void> {
  await page.context().addCookies([{ name: 'user', value: user, url: host.url }]);
  await page.goto(host.url);
  await expect(page.locator('body[data-ready]')).toBeVisible();
  await page.getByLabel('A draft that is nowhere but here').fill('half a sentence');
}

const draft = (page: Page) => page.getByLabel('A draft that is nowhere but here');
const outcome = (page: Page) => page.locator('#outcome');

test('the screen in a window leaves the page as it is', async ({ page, host, user }) => {
  await open(page, host, user);
  const opened = page.waitForEvent('popup');
  await page.getByRole('button', { name: 'Open, keep this page' }).click();
  const popup = await opened;
  await popup.locator('.card[data-connector=wiki]').getByRole('button', { name: 'Sign in' }).click();
  await fill(popup);
  await expect(popup.locator('.card[data-connector=wiki]')).toContainText('Signed in · ana');
  // An API's page stands in this window: there is no third one.
  await popup.locator('.card[data-connector=drive]').getByRole('button', { name: 'Sign in' }).click();
  await popup.getByRole('button', { name: 'Allow' }).click();
  await expect(popup.getByText('Nothing to do. You are signed in everywhere')).toBeVisible();
  const closed = popup.waitForEvent('close');
  await popup.getByRole('button', { name: 'Continue to shop' }).click();
  await closed;
  await expect(outcome(page)).toHaveText('done: ready (wiki, drive)');
  await expect(draft(page)).toHaveValue('half a sentence');
  await expect(page.locator('#who')).toHaveAttribute('data-changed', /wiki/);
});

test('the same loads the page anew where it is asked to', async ({ page, host, user }) => {
  await open(page, host, user);
  const opened = page.waitForEvent('popup');
  await page.getByRole('button', { name: 'Open, then load this page anew' }).click();
  const popup = await opened;
  await popup.locator('.card[data-connector=wiki]').getByRole('button', { name: 'Sign in' }).click();
  await fill(popup);
  await expect(popup.locator('.card[data-connector=wiki]')).toContainText('Signed in');
  const loaded = page.waitForEvent('load');
  await popup.getByRole('button', { name: 'Back to shop' }).click();
  await loaded;
  await expect(draft(page)).toHaveValue('');
  await page.getByRole('button', { name: 'Load all widgets' }).click();
  await expect(page.getByText('Widget 10: 200')).toBeVisible();
});

test('a window that is closed is told from one that is finished', async ({ page, host, user }) => {
  await open(page, host, user);
  const opened = page.waitForEvent('popup');
  await page.getByRole('button', { name: 'Open, keep this page' }).click();
  const popup = await opened;
  await expect(popup.locator('.list')).toBeVisible();
  await popup.close();
  await expect(outcome(page)).toHaveText('closed: closed');
});

test('the page is left for the screen and comes back with what came of it', async ({ page, host, user }) => {
  await open(page, host, user);
  await page.getByRole('button', { name: 'Go there and come back' }).click();
  await page.locator('.card[data-connector=wiki]').getByRole('button', { name: 'Sign in' }).click();
  await fill(page);
  await expect(page.locator('.card[data-connector=wiki]')).toContainText('Signed in');
  await page.getByRole('link', { name: 'Back to shop' }).click();
  await expect(outcome(page)).toHaveText('closed: given_up');
  expect(page.url()).toBe(`${host.url}/`);
});

test('the screen stands in a frame of the app', async ({ page, host, user }) => {
  await open(page, host, user);
  await page.getByRole('button', { name: 'Open in a frame' }).click();
  const frame = page.frameLocator('dialog iframe');
  await frame.locator('.card[data-connector=wiki]').getByRole('button', { name: 'Sign in' }).click();
  await frame.getByLabel('User name').fill('ana');
  await frame.getByRole('textbox', { name: 'Password' }).fill(PASSWORD);
  await frame.getByRole('button', { name: 'Continue', exact: true }).click();
  await expect(frame.locator('.card[data-connector=wiki]')).toContainText('Signed in · ana');
  await frame.getByRole('button', { name: 'Back to shop' }).click();
  await expect(outcome(page)).toHaveText('closed: given_up (wiki)');
  await expect(draft(page)).toHaveValue('half a sentence');
});

test('ten widgets are one prompt, all wait for it, and none fails', async ({ page, host, user }) => {
  await open(page, host, user);
  await page.getByRole('button', { name: 'Load all widgets' }).click();
  await expect(dialog(page)).toHaveCount(1);
  await expect(dialog(page)).toContainText('Sign in to Team wiki to go on.');
  await expect(page.getByText(/Widget \d+: waiting/)).toHaveCount(10);
  const opened = page.waitForEvent('popup');
  await dialog(page).getByRole('button', { name: 'Sign in' }).click();
  const popup = await opened;
  const closed = popup.waitForEvent('close');
  // It begins by itself, as it was opened for this one connector, and is over with it.
  await fill(popup);
  await closed;
  await expect(page.getByText(/Widget \d+: 200 .*Note of ana/)).toHaveCount(10);
  await expect(page.getByText('"asked":"10"')).toBeVisible();
  expect(page.context().pages()).toHaveLength(1);
  await expect(draft(page)).toHaveValue('half a sentence');
});

test('who declines is told so by each widget, and asked again later', async ({ page, host, user }) => {
  await open(page, host, user);
  const load = page.getByRole('button', { name: 'Load all widgets' });
  await load.click();
  await expect(dialog(page)).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByText(/Widget \d+: Not signed in to wiki: closed/)).toHaveCount(10);
  await load.click();
  await expect(dialog(page)).toHaveCount(1);
});

test('what is forgotten is asked for anew', async ({ page, host, user }) => {
  await host.world.signIn('wiki', user, { username: 'ana', password: PASSWORD });
  await open(page, host, user);
  const load = page.getByRole('button', { name: 'Load all widgets' });
  await load.click();
  await expect(page.getByText(/Widget \d+: 200/)).toHaveCount(10);
  await page.getByRole('button', { name: 'Forget my sign-in' }).click();
  await expect(page.locator('#who')).toHaveAttribute('data-changed', 'wiki');
  expect((await host.world.standing(user)).wiki).toBe(false);
  await load.click();
  await expect(dialog(page)).toContainText('Sign in to Team wiki');
});
