// Apps: made, published for, given keys that are shown once, and deleted with what that ends.

import { expect, test, type Page } from '@playwright/test';
import { makeAdmin, signIn } from './account.ts';
import { expectAccessible } from './axe.ts';
import { picture } from './screens.ts';
import { serve, type Stepgate } from './stepgate.ts';
import { workspace, type Workspace } from './workspace.ts';

let stepgate: Stepgate;
let made: Workspace;

const connector = (name: string, title: string, more = '') => `stepgate: 1
connector: ${name}
title: ${title}
base_url: http://127.0.0.1:9
${more}auth_flow:
  steps:
    - kind: form
      id: form1
      title: Sign in
      fields:
        - { key: token, label: Token, type: password, required: true }
request_parameters:
  - { in: header, name: authorization, value: "Bearer {{form1.token}}" }
`;

test.describe.configure({ mode: 'serial' });
test.beforeAll(async () => {
  stepgate = await serve();
  await makeAdmin(stepgate);
  made = await workspace(stepgate);
});
test.afterAll(async () => {
  await made.close();
  await stepgate.stop();
});
test.beforeEach(async ({ context }) => {
  await signIn(stepgate, context);
});

/** Whether a text is anywhere that outlives the dialog it was shown in. */
async function isKept(page: Page, text: string): Promise<boolean> {
  return page.evaluate(
    (wanted) => [document.documentElement.outerHTML, JSON.stringify([localStorage, sessionStorage]), location.href, document.cookie].some((place) => place.includes(wanted)),
    text,
  );
}

test('an empty list says what an app is, and makes the first', async ({ page }) => {
  await page.goto(`${stepgate.url}/apps`);
  await expect(page.getByRole('heading', { name: 'No app yet' })).toBeVisible();
  await expectAccessible(page);
  await made.connector(connector('wiki', 'Team wiki'));
  await made.connector(connector('orders', 'Orders', 'connection: { owner: shared }\n'));

  await page.getByRole('button', { name: 'Make an app' }).click();
  const dialog = page.getByRole('dialog', { name: 'Make an app' });
  await dialog.getByLabel('Title').fill('Our shop');
  await expect(dialog.getByLabel('Name')).toHaveValue('our-shop');
  await dialog.getByLabel('Name').fill('Shop!');
  await dialog.getByRole('button', { name: 'Make the app' }).click();
  await expect(dialog.getByText('It must be a lower-case letter')).toBeVisible();
  await expectAccessible(page);
  await dialog.getByLabel('Name').fill('shop');
  await dialog.getByLabel('Team wiki').check();
  await picture(page, 'app-new');
  await dialog.getByRole('button', { name: 'Make the app' }).click();
  await expect(page.getByRole('heading', { name: 'Our shop' })).toBeVisible();
  await expect(page).toHaveURL(`${stepgate.url}/apps/shop`);
});

test('connectors are published and taken back once it is said what that does', async ({ page }) => {
  await page.goto(`${stepgate.url}/apps/shop`);
  const list = page.getByRole('region', { name: 'Connectors' });
  await expect(list.getByRole('checkbox', { name: 'Team wiki' })).toBeChecked();
  await expect(list.getByRole('listitem').first()).toContainText('never used');
  await list.getByRole('checkbox', { name: 'Orders' }).check();
  await list.getByRole('switch', { name: 'Ask users to sign in to Team wiki' }).uncheck();
  await list.getByRole('button', { name: 'Move Orders up' }).click();
  const said = list.getByRole('list', { name: 'What saving does' });
  await expect(said).toContainText('Publishes orders.');
  await expect(said).toContainText('The screen no longer asks users for wiki.');
  await expect(list.getByText('Publishing this changes:')).toBeVisible();
  await expectAccessible(page);
  await list.getByRole('button', { name: 'Publish the changes' }).click();
  await expect(said).toBeHidden();
  await page.reload();
  await expect(list.getByRole('listitem').first()).toContainText('Orders');
  await expect(list.getByRole('switch', { name: 'Ask users to sign in to Team wiki' })).not.toBeChecked();
});

test('addresses are judged by the server, at their field', async ({ page }) => {
  await page.goto(`${stepgate.url}/apps/shop`);
  await page.getByLabel('Origins').fill('https://shop.example.org/path');
  await page.getByRole('button', { name: 'Save the addresses' }).click();
  await expect(page.getByText('"https://shop.example.org/path":')).toBeVisible();
  await expect(page.getByLabel('Origins')).toHaveAttribute('aria-invalid', 'true');
  await page.getByLabel('Origins').fill('https://shop.example.org');
  await page.getByLabel('Return addresses').fill('https://shop.example.org/connected');
  await page.getByRole('button', { name: 'Save the addresses' }).click();
  await expect(page.getByRole('button', { name: 'Save the addresses' })).toBeHidden();
  await page.getByRole('switch', { name: 'Show the managed auth screen at start' }).uncheck();
  await expect(page.getByText('The first call that needs a sign-in asks for it')).toBeVisible();
  await page.getByRole('tab', { name: 'Backend' }).click();
  await expect(page.getByRole('region', { name: 'Commands for the backend' })).toContainText(
    '"return_to":"https://shop.example.org/connected"',
  );
});

test('a key is shown once, works, and ends when it is revoked', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.goto(`${stepgate.url}/apps/shop`);
  const keys = page.getByRole('region', { name: 'Keys' });
  await keys.getByRole('button', { name: 'Make a key' }).click();
  const dialog = page.getByRole('dialog', { name: 'The new key' });
  const key = await dialog.getByLabel('Key', { exact: true }).inputValue();
  expect(key).toMatch(/^sg_app_[\w-]{40,}$/);
  await expectAccessible(page);
  await dialog.getByRole('button', { name: 'Copy key' }).click();
  await expect(dialog.getByText('Copied', { exact: true })).toBeVisible();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(key);
  // Closed by a choice, not by a slip.
  await page.mouse.click(5, 5);
  await expect(dialog).toBeVisible();
  await dialog.getByRole('button', { name: 'I have copied it' }).click();
  await expect(dialog).toBeHidden();
  expect(await isKept(page, key)).toBe(false);
  const byKey = await made.asApp(key, 'u1');
  expect((await byKey.get('/api/connections')).status()).toBe(200);

  await keys.getByRole('button', { name: 'Make a key' }).click();
  await dialog.getByRole('button', { name: 'I have copied it' }).click();
  await expect(keys.getByRole('row')).toHaveCount(3);
  await expect(keys.getByRole('button', { name: 'Make a key' })).toBeDisabled();

  await keys.getByRole('button', { name: `Revoke …${key.slice(-4)}` }).click();
  await expect(page.getByRole('dialog')).toContainText('Calls with it are refused from now on.');
  await page.getByRole('button', { name: 'Revoke it' }).click();
  await expect(keys.getByRole('row')).toHaveCount(2);
  expect((await byKey.get('/api/connections')).status()).toBe(401);
});

test('somebody else’s change is not overwritten', async ({ page }) => {
  await page.goto(`${stepgate.url}/apps/shop`);
  await page.getByRole('button', { name: 'Rename' }).click();
  await page.getByLabel('Title').fill('Ours');
  await page.evaluate(async () => {
    const session = (await (await fetch('/api/session')).json()) as { csrf: string };
    await fetch('/api/apps/shop', {
      method: 'PATCH',
      headers: { 'Stepgate-Csrf': session.csrf, 'Content-Type': 'application/json' },
      body: JSON.stringify({ title: 'Theirs' }),
    });
  });
  await page.getByRole('dialog').getByRole('button', { name: 'Rename' }).click();
  await expect(page.getByRole('alert')).toBeVisible();
  await page.reload();
  await expect(page.getByRole('heading', { name: 'Theirs' })).toBeVisible();
});

test('the list becomes cards on a phone; deleting an app names what it ends', async ({ page }) => {
  await page.goto(`${stepgate.url}/apps`);
  await expect(page.getByRole('row', { name: /Theirs/ })).toContainText('orders, wiki');
  await page.setViewportSize({ width: 390, height: 844 });
  await expectAccessible(page);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  await page.getByRole('link', { name: 'Theirs' }).click();
  await page.getByRole('button', { name: 'Delete the app' }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog).toContainText('Signs out 0 users');
  await dialog.getByRole('button', { name: 'Delete it' }).click();
  await expect(dialog).toBeVisible();
  await dialog.getByLabel('Type shop to delete it').fill('shop');
  await expectAccessible(page);
  await dialog.getByRole('button', { name: 'Delete it' }).click();
  await expect(page.getByRole('heading', { name: 'No app yet' })).toBeVisible();
});
