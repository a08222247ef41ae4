// People and one's own account: passwords and tokens are shown once, roles and doors end what they say.

import { expect, test } from '@playwright/test';
import { makeAdmin, signIn } from './account.ts';
import { expectAccessible } from './axe.ts';
import { picture } from './screens.ts';
import { serve, type Stepgate } from './stepgate.ts';

let stepgate: Stepgate;
let password = '';

test.describe.configure({ mode: 'serial' });
test.beforeAll(async () => {
  stepgate = await serve();
  await makeAdmin(stepgate);
});
test.afterAll(() => stepgate.stop());

test('a person is added with a first password that is shown once', async ({ page, context }) => {
  await signIn(stepgate, context);
  await page.goto(`${stepgate.url}/people`);
  await page.getByRole('button', { name: 'Add a person' }).click();
  const dialog = page.getByRole('dialog', { name: 'Add a person' });
  await dialog.getByLabel('Name').fill('Not A Name');
  await dialog.getByRole('button', { name: 'Add and show the password' }).click();
  await expect(dialog.getByLabel('Name')).toHaveAttribute('aria-invalid', 'true');
  await dialog.getByLabel('Name').fill('bo');
  await expectAccessible(page);
  await dialog.getByRole('button', { name: 'Add and show the password' }).click();
  const shown = page.getByRole('dialog', { name: 'The new password' });
  password = await shown.getByLabel('Password', { exact: true }).inputValue();
  expect(password.length).toBeGreaterThanOrEqual(20);
  await shown.getByRole('button', { name: 'I have copied it' }).click();
  await expect(shown).toBeHidden();
  expect(await page.content()).not.toContain(password);
  expect(await page.evaluate(() => JSON.stringify([localStorage, sessionStorage]))).toBe('[{},{}]');
  await expect(page.getByRole('row', { name: /bo/ })).toContainText('Builder');
  await picture(page, 'people');
});

test('a builder has no people to look after, and an account', async ({ page, context }) => {
  const answer = await context.request.post(`${stepgate.url}/api/session`, { data: { login: 'bo', password } });
  expect(answer.ok()).toBe(true);
  await page.goto(`${stepgate.url}/people`);
  await expect(page.getByText('Only an admin looks after people')).toBeVisible();
  await expect(page.getByRole('navigation').getByRole('link', { name: 'People' })).toBeHidden();

  await page.goto(`${stepgate.url}/account`);
  await page.getByRole('button', { name: 'Make a token' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('What it is for').fill('deploy');
  await dialog.getByRole('button', { name: 'Make the token' }).click();
  const token = await dialog.getByLabel('Token', { exact: true }).inputValue();
  expect(token).toMatch(/^sg_pat_/);
  await dialog.getByRole('button', { name: 'I have copied it' }).click();
  await expect(dialog).toBeHidden();
  expect(await page.content()).not.toContain(token);
  const byToken = { headers: { Authorization: `Bearer ${token}`, Cookie: '' } };
  await expect(page.getByRole('row', { name: /deploy/ })).toContainText('never');
  await expectAccessible(page);
  await picture(page, 'account-tokens');
  const asked = await fetch(`${stepgate.url}/api/apps`, byToken);
  expect(asked.status).toBe(200);
  await page.getByRole('button', { name: 'Revoke deploy' }).click();
  await page.getByRole('button', { name: 'Revoke it' }).click();
  await expect(page.getByText('You have none.')).toBeVisible();
  expect((await fetch(`${stepgate.url}/api/apps`, byToken)).status).toBe(401);
});

test('other sessions are ended together', async ({ page, context, browser }) => {
  const other = await browser.newContext();
  await signIn(stepgate, other);
  await signIn(stepgate, context);
  await page.goto(`${stepgate.url}/account`);
  await page.getByRole('button', { name: 'End all others' }).click();
  await expect(page.getByRole('table', { name: 'Sessions' }).getByRole('row')).toHaveCount(2);
  expect((await other.request.get(`${stepgate.url}/api/session`)).status()).toBe(401);
  await other.close();
});

test('who is kept out is out at once; the last admin stays', async ({ page, context, browser }) => {
  const bo = await browser.newContext();
  await bo.request.post(`${stepgate.url}/api/session`, { data: { login: 'bo', password } });
  await signIn(stepgate, context);
  await page.goto(`${stepgate.url}/people`);
  await page.getByRole('button', { name: 'What can be done to bo' }).click();
  await page.getByRole('menuitem', { name: 'Keep out' }).click();
  await expect(page.getByRole('dialog')).toContainText('Ends all sessions of bo at once');
  await page.getByRole('dialog').getByRole('button', { name: 'Keep out' }).click();
  await expect(page.getByRole('row', { name: /bo/ })).toContainText('Kept out');
  expect((await bo.request.get(`${stepgate.url}/api/session`)).status()).toBe(401);
  await bo.close();

  await page.getByRole('button', { name: 'What can be done to ada' }).click();
  await page.getByRole('menuitem', { name: 'Make a builder' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Make a builder' }).click();
  await expect(page.getByRole('alert')).toBeVisible();
  await page.getByRole('button', { name: 'Leave it' }).click();

  await page.setViewportSize({ width: 390, height: 844 });
  await expectAccessible(page);
  await page.getByRole('button', { name: 'What can be done to bo' }).click();
  await page.getByRole('menuitem', { name: 'Delete' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  await expect(page.getByRole('row', { name: /bo/ })).toBeHidden();
});
