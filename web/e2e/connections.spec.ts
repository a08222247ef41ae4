// Connections: signed in to by forms and pages of the API, looked at, tested, named, ended; nothing of a credential is seen.

import { expect, test, type Page } from '@playwright/test';
import { makeAdmin, signIn } from './account.ts';
import { expectAccessible } from './axe.ts';
import { picture } from './screens.ts';
import { serve, type Stepgate } from './stepgate.ts';
import { byForm, byPage, CANARY, PASSWORD, upstream, type Upstream } from './upstream.ts';
import { workspace, type Workspace } from './workspace.ts';

let stepgate: Stepgate;
let api: Upstream;
let made: Workspace;

test.describe.configure({ mode: 'serial' });
test.beforeAll(async () => {
  [stepgate, api] = await Promise.all([serve(), upstream()]);
  await makeAdmin(stepgate);
  made = await workspace(stepgate);
});
test.afterAll(async () => {
  await made.close();
  await Promise.all([stepgate.stop(), api.stop()]);
});
test.beforeEach(async ({ context }) => {
  await signIn(stepgate, context);
});

async function choose(page: Page, title: string): Promise<void> {
  await page.getByRole('button', { name: 'Sign in to a connector' }).click();
  const dialog = page.getByRole('dialog', { name: 'Sign in to a connector' });
  await dialog.getByRole('combobox', { name: 'Connector' }).click();
  await page.getByRole('option', { name: title }).click();
}

test('nobody signed in: the page says where connections come from', async ({ page }) => {
  await page.goto(`${stepgate.url}/connections`);
  await expect(page.getByRole('heading', { name: 'Nobody is signed in yet' })).toBeVisible();
  await expect(page.getByRole('link', { name: 'Go to the connectors' })).toBeVisible();
  await made.connector(byForm(api.url, 'wiki', 'Team wiki', 'shared'));
  await made.connector(byForm(api.url, 'notes', 'Notes', 'user'));
});

test('a shared connector is signed in by a form; a wrong password is told at the form, and the name stays', async ({ page }) => {
  const replies: string[] = [];
  page.on('response', (response) => void response.text().then((text) => replies.push(text), () => undefined));
  await page.goto(`${stepgate.url}/connections`);
  await choose(page, 'Team wiki');
  await expect(page.getByText('For everybody', { exact: true })).toBeVisible();
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  const dialog = page.getByRole('dialog', { name: 'Sign in to Team wiki' });
  await expect(dialog.getByLabel('User name')).toHaveAttribute('autocomplete', 'username');
  await expect(dialog.getByRole('textbox', { name: 'Password' })).toHaveAttribute('autocomplete', 'current-password');
  await dialog.getByLabel('User name').fill('ana');
  await dialog.getByRole('textbox', { name: 'Password' }).fill('wrong');
  await page.keyboard.press('Enter');
  await expect(dialog.getByRole('alert')).toContainText('The wiki did not accept this name and password.');
  await expect(dialog.getByRole('alert')).toBeFocused();
  await expect(dialog.getByLabel('User name')).toHaveValue('ana');
  await expect(dialog.getByRole('textbox', { name: 'Password' })).toHaveValue('');
  await expectAccessible(page);
  await picture(page, 'connection-sign-in');
  // What was typed is not lost by a slip.
  await page.keyboard.press('Escape');
  await expect(dialog.getByText('Give this sign-in up?')).toBeVisible();
  await dialog.getByRole('button', { name: 'Go on' }).click();
  await dialog.getByRole('textbox', { name: 'Password' }).fill(PASSWORD);
  await dialog.getByRole('button', { name: 'Continue' }).click();
  await expect(dialog.getByText('Signed in to Team wiki')).toBeVisible();
  await dialog.getByRole('button', { name: 'Done' }).click();
  await expect(page.getByRole('button', { name: 'Sign in to a connector' })).toBeFocused();
  await expect(page.getByRole('row', { name: /ana/ })).toContainText('Signed in');
  await expect(page.getByRole('row', { name: /ana/ })).toContainText('everybody');
  expect(replies.filter((text) => text.includes(CANARY))).toEqual([]);
  expect(await page.evaluate(() => JSON.stringify([localStorage, sessionStorage]))).toBe('[{},{}]');
});

test('a page of the API opens in a window, and the dialog goes on by itself', async ({ page }) => {
  await made.connector(byPage(api.url));
  await page.goto(`${stepgate.url}/connections`);
  await choose(page, 'Calendar');
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  const dialog = page.getByRole('dialog', { name: 'Sign in to Calendar' });
  await expect(dialog.getByRole('alert')).toContainText('client_secret');
  await dialog.getByRole('button', { name: 'Close' }).last().click();
  await page.goto(`${stepgate.url}/connectors/calendar/secrets`);
  await page.getByRole('button', { name: 'Set client_secret' }).click();
  await page.getByRole('dialog').getByLabel('Value').fill(`${CANARY}-client`);
  await expectAccessible(page);
  await page.getByRole('dialog').getByRole('button', { name: 'Set' }).click();
  await expect(page.getByRole('row', { name: /client_secret/ })).toContainText('Set');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  expect(await page.content()).not.toContain(CANARY);
  await page.getByRole('link', { name: 'Settings' }).click();
  await expect(page.getByText('All are served as they are written.')).toBeVisible();
  const found = page.getByRole('table', { name: 'Findings' });
  await expect(found.getByRole('row', { name: /^key/ })).toContainText('keep a copy of it apart from the data');
  await expect(found.getByRole('row', { name: /^data folder/ })).toContainText('yours alone');
  await expect(found.getByRole('row', { name: /^egress/ })).toContainText('but for 127.0.0.0/8');
  await expect(found.getByRole('row', { name: /^single sign-on/ })).toContainText('none is set');
  const secrets = page.getByRole('table', { name: 'Secrets' });
  await expect(secrets.getByRole('row', { name: /calendar/ })).toContainText('All set');
  await expectAccessible(page);

  await page.goto(`${stepgate.url}/connections`);
  await choose(page, 'Calendar');
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  const opened = page.waitForEvent('popup');
  await dialog.getByRole('button', { name: 'Open the sign-in window' }).click();
  const popup = await opened;
  await popup.getByRole('link', { name: 'Allow' }).click();
  await expect(dialog.getByText('Signed in to Calendar')).toBeVisible();
});

test('a connection is tested, named and found by its filters; a lost session shows with its reason', async ({ page }) => {
  await page.goto(`${stepgate.url}/connections`);
  await page.getByRole('link', { name: 'ana' }).click();
  await page.getByRole('button', { name: 'Sign in again' }).click();
  await expect(page.getByRole('dialog')).toContainText('Whoever signs in here does so for everybody');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Test' }).click();
  await expect(page.getByText('It works: “Who am I” answered 200.').first()).toBeVisible();
  await page.getByRole('button', { name: 'Name', exact: true }).click();
  await page.getByRole('dialog').getByLabel('Name').fill('Team account');
  await page.getByRole('button', { name: 'Save the name' }).click();
  await expect(page.getByRole('heading', { name: 'Team account' })).toBeVisible();
  api.expire();
  await page.getByRole('button', { name: 'Test' }).click();
  await expect(page.getByRole('alert')).toBeVisible();
  await expect(page.getByText('Needs a sign-in')).toBeVisible();
  await expectAccessible(page);
  await picture(page, 'connection-lost');

  await page.getByRole('link', { name: 'Connections' }).first().click();
  await page.getByRole('combobox', { name: 'State' }).click();
  await page.getByRole('option', { name: 'Needs a sign-in' }).click();
  await expect(page).toHaveURL(/state=sign_in_required/);
  await expect(page.getByRole('row', { name: /Team account/ })).toBeVisible();
  await expect(page.getByRole('row')).toHaveCount(2);
  await page.getByLabel('Owner').fill('shop/nobody');
  await expect(page.getByText('No connection is like this')).toBeVisible();
  await page.getByRole('button', { name: 'Clear the filters' }).click();
  await expect(page.getByLabel('Owner')).toHaveValue('');
  await expect(page.getByRole('row')).toHaveCount(3);
  await page.setViewportSize({ width: 390, height: 844 });
  await expectAccessible(page);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
});

test('a user who is signed out gets a link, where their connection cannot be renewed without them', async ({ page }) => {
  await made.post('/api/apps', { name: 'shop', connectors: [{ connector: 'notes' }] });
  const { key } = await made.post<{ key: string }>('/api/apps/shop/keys');
  const shop = await made.asApp(key, 'u1');
  const begun = await shop.post('/api/runs', { data: { connector: 'notes' } });
  const { id } = (await begun.json()) as { id: string };
  const signedIn = await shop.post(`/api/runs/${id}/answers`, { data: { form1: { user: 'uma', password: PASSWORD } } });
  expect(await signedIn.json()).toMatchObject({ state: 'signed_in' });
  await page.goto(`${stepgate.url}/connections?owner=shop/u1`);
  await expect(page.getByRole('row', { name: /uma/ })).toContainText('u1 of shop');
  await page.getByRole('link', { name: 'uma' }).click();
  await expect(page.getByRole('button', { name: 'Sign in again' })).toBeHidden();
  await page.getByRole('button', { name: 'Make a sign-in link' }).click();
  await expect(page.getByRole('region', { name: 'the sign-in link' })).toContainText(`${stepgate.url}/auth/shop?link=`);
  await expect(page.getByText('It is for u1 of shop alone: do not open it yourself')).toBeVisible();
  await expectAccessible(page);
  await picture(page, 'connection-link');
  // What the app made of it is told beside its connectors, before one is taken back.
  expect((await shop.get('/proxy/notes/me')).status()).toBe(200);
  await page.goto(`${stepgate.url}/apps/shop`);
  const published = page.getByRole('region', { name: 'Connectors' });
  await expect(published.getByRole('listitem').filter({ hasText: 'Notes' })).toContainText('1 user signed in');
  await published.getByRole('checkbox', { name: 'Notes' }).uncheck();
  await expect(published.getByRole('list', { name: 'What saving does' })).toContainText(
    'calls to it are refused, also those for the 1 user signed in',
  );
  await expectAccessible(page);
  await picture(page, 'app-publish');
  await page.goBack();
  api.expire();
  await page.getByRole('button', { name: 'Renew now' }).click();
  await expect(page.getByRole('region', { name: 'the sign-in link' })).toContainText(`${stepgate.url}/auth/shop?link=`);
  await picture(page, 'connection-of-a-user');
});

test('signing out and clearing say what they end', async ({ page }) => {
  await page.goto(`${stepgate.url}/connections`);
  await page.getByRole('link', { name: 'Team account' }).click();
  await page.getByRole('button', { name: 'Sign out', exact: true }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog).toContainText('Calls of every user of every app fail until somebody signs in again.');
  await dialog.getByRole('button', { name: 'Sign out' }).click();
  await expect(page.getByText(/^Signed out here/).first()).toBeVisible();
  await page.getByRole('link', { name: 'All connections' }).click();
  await page.getByRole('row').nth(1).getByRole('link').click();
  await page.getByRole('button', { name: 'Clear' }).click();
  await dialog.getByRole('button', { name: 'Clear it' }).click();
  await expect(page.getByText('Forgotten. Nothing was sent to the API.').first()).toBeVisible();
});
