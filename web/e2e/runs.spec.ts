// Flow runs: sign-ins that go on and tests of one's own, found by filters; the timeline shows no value and reveals none.

import { expect, test } from '@playwright/test';
import { makeAdmin, signIn } from './account.ts';
import { expectAccessible } from './axe.ts';
import { serve, type Stepgate } from './stepgate.ts';
import { byForm, CANARY, PASSWORD, upstream, type Upstream } from './upstream.ts';
import { workspace, type Workspace } from './workspace.ts';

let stepgate: Stepgate;
let api: Upstream;
let made: Workspace;

test.beforeAll(async () => {
  [stepgate, api] = await Promise.all([serve(), upstream()]);
  await makeAdmin(stepgate);
  made = await workspace(stepgate);
});
test.afterAll(async () => {
  await made.close();
  await Promise.all([stepgate.stop(), api.stop()]);
});

test('flow runs are listed, filtered and looked into', async ({ page, context }) => {
  const csrf = await signIn(stepgate, context);
  await page.goto(`${stepgate.url}/connections`);
  await page.getByRole('link', { name: 'Flow runs' }).first().click();
  await expect(page.getByRole('heading', { name: 'Nothing runs now' })).toBeVisible();
  await expectAccessible(page);

  const text = byForm(api.url, 'notes', 'Notes', 'user');
  await made.connector(text);
  await made.post('/api/apps', { name: 'shop', connectors: [{ connector: 'notes' }] });
  const { key } = await made.post<{ key: string }>('/api/apps/shop/keys');
  const shop = await made.asApp(key, 'u1');
  expect((await shop.post('/api/runs', { data: { connector: 'notes' } })).ok()).toBe(true);
  const headers = { 'Stepgate-Csrf': csrf };
  const begun = await page.request.post(`${stepgate.url}/api/test-runs`, { headers, data: { text, flow: 'auth' } });
  const { id } = (await begun.json()) as { id: string };
  const answered = await page.request.post(`${stepgate.url}/api/test-runs/${id}/answers`, {
    headers,
    data: { form1: { user: 'ana', password: PASSWORD } },
  });
  expect(await answered.json()).toMatchObject({ state: 'done' });

  await page.goto(`${stepgate.url}/runs`);
  const rows = page.getByRole('row');
  await expect(rows).toHaveCount(3);
  await expect(page.getByRole('row', { name: /u1 of shop/ })).toContainText('Waits for a form to be filled in, in form1');
  await expectAccessible(page);
  await page.getByRole('combobox', { name: 'App' }).click();
  await page.getByRole('option', { name: 'shop' }).click();
  await expect(page).toHaveURL(/app=shop/);
  await expect(rows).toHaveCount(2);
  await page.getByRole('combobox', { name: 'Kind' }).click();
  await page.getByRole('option', { name: 'Tests of yours' }).click();
  await expect(page.getByRole('heading', { name: 'No flow run is like this' })).toBeVisible();
  await page.getByRole('button', { name: 'Clear the filters' }).click();
  await page.getByRole('link', { name: 'Test of the auth flow' }).click();
  const timeline = page.getByRole('list', { name: 'Timeline' });
  await timeline.getByRole('button', { name: /login Done/ }).click();
  await expect(timeline.getByText('login.body.token', { exact: true })).toBeVisible();
  await expect(page.getByRole('button', { name: /Reveal|Insert/ })).toHaveCount(0);
  expect(await page.content()).not.toContain(CANARY);
  await expectAccessible(page);
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto(`${stepgate.url}/runs`);
  await expect(page.getByRole('table', { name: 'Flow runs' })).toBeVisible();
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  await page.getByRole('link', { name: 'Sign-in', exact: true }).click();
  await expect(page.getByText('Waits for a person')).toBeVisible();
  await expectAccessible(page);
});

test('what a page shows stays while the server does not answer, and is told to be old', async ({ page, context }) => {
  await signIn(stepgate, context);
  await page.goto(`${stepgate.url}/runs`);
  const heading = page.getByRole('heading', { name: 'Flow runs', level: 1 });
  await expect(heading).toBeVisible();
  await page.route('**/api/**', (route) => route.abort());
  const told = page.getByText(/What you see is from/);
  await expect(told).toBeVisible({ timeout: 60_000 });
  await expect(heading).toBeVisible();
  await expectAccessible(page);
  await page.unroute('**/api/**');
  // The page asks again by itself, too.
  await expect(told).toHaveCount(0);
});
