// The first start, signing in and out: what everybody meets first.

import { expect, test } from '@playwright/test';
import { expectAccessible } from './axe.ts';
import { picture } from './screens.ts';
import { ADMIN, serve, type Stepgate } from './stepgate.ts';

let stepgate: Stepgate;

test.describe.configure({ mode: 'serial' });
test.beforeAll(async () => void (stepgate = await serve()));
test.afterAll(() => stepgate.stop());

test('the link of the log makes the first admin, who is signed in', async ({ page }) => {
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  await page.goto(stepgate.url);
  await expect(page.getByText('Nobody has an account yet')).toBeVisible();
  await expectAccessible(page);

  await page.goto(stepgate.setUpLink);
  await page.getByLabel('Name').fill(ADMIN.login);
  await page.getByRole('textbox', { name: 'Password' }).fill('short but long enough'.slice(0, 12));
  await expectAccessible(page);
  await picture(page, 'set-up');
  await page.getByRole('textbox', { name: 'Password' }).fill(ADMIN.password);
  await page.getByRole('button', { name: 'Make the account' }).click();
  await expect(page.getByRole('heading', { name: 'Connectors' })).toBeVisible();
  await expect(page).toHaveURL(`${stepgate.url}/`);
  // Nobody was signed in at first, which the API says by its status.
  expect(complaints.filter((text) => !text.includes('401'))).toEqual([]);
});

test('a wrong password is told beside the form, the right one leads to where one was going', async ({ page }) => {
  await page.goto(`${stepgate.url}/account`);
  await page.getByLabel('Name').fill(ADMIN.login);
  await page.getByRole('textbox', { name: 'Password' }).fill('not the password');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('alert')).toContainText('The login or the password is wrong.');
  await expect(page.getByRole('textbox', { name: 'Password' })).toBeFocused();
  await expectAccessible(page);
  await picture(page, 'sign-in-refused');
  await page.getByRole('textbox', { name: 'Password' }).fill(ADMIN.password);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'Account' })).toBeVisible();
  await expect(page.getByText('This one')).toBeVisible();
  await expectAccessible(page);
  expect(await page.evaluate(() => [...Object.keys(localStorage), ...Object.keys(sessionStorage)])).toEqual([]);

  await page.getByRole('button', { name: /ada/ }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await expect(page.getByRole('heading', { name: 'Sign in to Stepgate' })).toBeVisible();
});

test('on a phone the navigation is behind a button', async ({ page, context }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  const answer = await context.request.post(`${stepgate.url}/api/session`, { data: ADMIN });
  expect(answer.ok()).toBe(true);
  await page.goto(stepgate.url);
  await page.getByRole('button', { name: 'Menu' }).click();
  await page.getByRole('dialog').getByRole('link', { name: 'Connectors' }).click();
  await expect(page.getByRole('dialog')).toBeHidden();
  await expectAccessible(page);
});
