// The first steps: from the link in the log to a sign-in at the API that is built in; gone when all are done.

import { expect, test } from '@playwright/test';
import { signIn } from './account.ts';
import { expectAccessible } from './axe.ts';
import { picture } from './screens.ts';
import { ADMIN, serve, type Stepgate } from './stepgate.ts';

let stepgate: Stepgate;

test.describe.configure({ mode: 'serial' });
test.beforeAll(async () => {
  stepgate = await serve('--demo');
});
test.afterAll(() => stepgate.stop());

test('after the account: the address, the key, and a sign-in to what is built in', async ({ page }) => {
  await page.goto(stepgate.setUpLink);
  await page.getByLabel('Name').fill(ADMIN.login);
  await page.getByRole('textbox', { name: 'Password' }).fill(ADMIN.password);
  await picture(page, 'set-up');
  await page.getByRole('button', { name: 'Make the account' }).click();
  const steps = page.getByRole('list', { name: 'First steps' });
  await expect(steps.getByRole('listitem')).toHaveCount(4);
  await expect(steps.getByRole('heading', { name: /^Make the first account.*done$/ })).toBeVisible();
  await expect(steps.getByRole('heading', { name: /^Check the address.*done$/ })).toBeVisible();
  await expect(steps.getByRole('heading', { name: /^Keep a copy of the key.*to do$/ })).toBeVisible();
  await expectAccessible(page);
  await picture(page, 'first-steps');
  await page.setViewportSize({ width: 390, height: 844 });
  await expectAccessible(page);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  await page.setViewportSize({ width: 1440, height: 900 });

  await steps.getByRole('button', { name: 'I keep a copy' }).click();
  await expect(steps.getByRole('heading', { name: /^Keep a copy of the key.*done$/ })).toBeVisible();
  await steps.getByRole('button', { name: 'Sign in to it' }).click();
  const dialog = page.getByRole('dialog', { name: 'Sign in to demo' });
  const [user, password] = await steps.getByRole('listitem').last().locator('code').allTextContents().then((all) => all.slice(1));
  await dialog.getByLabel('User name').fill(user ?? '');
  await dialog.getByRole('textbox', { name: 'Password' }).fill(password ?? '');
  await page.keyboard.press('Enter');
  await expect(dialog.getByText('Signed in to demo')).toBeVisible();
  await dialog.getByRole('button', { name: 'Done' }).click();
  await expect(steps).toBeHidden();
  await page.reload();
  await expect(page.getByRole('heading', { name: 'Connectors' })).toBeVisible();
  await expect(steps).toBeHidden();
});

test('another address than the server’s own is told', async ({ page, context }) => {
  await signIn(stepgate, context);
  await page.route('**/api/first-steps', async (route) => {
    const answer = await route.fetch();
    const told = (await answer.json()) as object;
    await route.fulfill({ json: { ...told, public_url: 'https://gate.example.org' } });
  });
  await page.goto(stepgate.url);
  const steps = page.getByRole('list', { name: 'First steps' });
  await expect(steps).toContainText(`STEPGATE_PUBLIC_URL=${stepgate.url}`);
  await expectAccessible(page);
});

test('who needs them no more gets them back under settings', async ({ page, context }) => {
  await signIn(stepgate, context);
  const api = page.request;
  const { csrf } = (await (await api.get(`${stepgate.url}/api/session`)).json()) as { csrf: string };
  await api.delete(`${stepgate.url}/api/first-steps/key_kept`, { headers: { 'Stepgate-Csrf': csrf } });
  await page.goto(stepgate.url);
  const steps = page.getByRole('list', { name: 'First steps' });
  await expect(steps).toBeVisible();
  await page.getByRole('button', { name: 'I need no first steps' }).click();
  await expect(steps).toBeHidden();
  await page.goto(`${stepgate.url}/settings`);
  await page.getByRole('button', { name: 'Show them again' }).click();
  await expect(page.getByRole('button', { name: 'Show them again' })).toBeHidden();
  await page.goto(stepgate.url);
  await expect(steps).toBeVisible();
});
