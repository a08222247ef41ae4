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
  await dialog.getByRole('radio', { name: 'With a first password' }).check();
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
});

test('a person is invited by a link, sets a password by it once, and is in', async ({ page, context, browser }) => {
  await signIn(stepgate, context);
  await page.goto(`${stepgate.url}/people`);
  await page.getByRole('button', { name: 'Add a person' }).click();
  const dialog = page.getByRole('dialog', { name: 'Add a person' });
  await dialog.getByLabel('Name').fill('cy');
  await dialog.getByRole('button', { name: 'Add and show the link' }).click();
  const shown = page.getByRole('dialog', { name: 'The new link' });
  const link = await shown.getByLabel('Link', { exact: true }).inputValue();
  expect(link).toMatch(new RegExp(`^${stepgate.url}/join#ticket=[\\w-]{40,}$`));
  await expectAccessible(page);
  await picture(page, 'people-link');
  await shown.getByRole('button', { name: 'I have copied it' }).click();
  await expect(shown).toBeHidden();
  expect(await page.content()).not.toContain(link.slice(-40));
  await expect(page.getByRole('row', { name: /cy/ })).toContainText('Invited, until');
  await expectAccessible(page);
  await picture(page, 'people-invited');

  const cy = await browser.newContext();
  const theirs = await cy.newPage();
  const asked: string[] = [];
  theirs.on('request', (request) => asked.push(request.url()));
  await theirs.goto(link);
  await expect(theirs.getByLabel('Name')).toHaveValue('cy');
  await expect(theirs.getByLabel('Name')).toHaveAttribute('autocomplete', 'username');
  const field = theirs.getByRole('textbox', { name: 'New password' });
  await expect(field).toHaveAttribute('autocomplete', 'new-password');
  await expectAccessible(theirs);
  await picture(theirs, 'join');
  await field.fill('aaaaaaaaaaaaaa');
  await theirs.keyboard.press('Enter');
  await expect(field).toHaveAttribute('aria-invalid', 'true');
  await field.fill('a horse of their own');
  await theirs.keyboard.press('Enter');
  await expect(theirs.getByRole('heading', { name: 'Connectors' })).toBeVisible();
  // What opens it went to no address.
  expect(asked.filter((url) => url.includes('ticket'))).toEqual([]);
  expect(theirs.url()).not.toContain('ticket');
  await theirs.goto(link);
  await theirs.reload();
  await expect(theirs.getByRole('alert')).toContainText('This link was used, was taken back, has ended, or never was.');
  await expectAccessible(theirs);
  await picture(theirs, 'join-ended');
  await cy.close();

  await page.reload();
  await expect(page.getByRole('row', { name: /cy/ })).toContainText('Open');
});

test('a forgotten password: another link, which can be taken back; and sessions are ended', async ({
  page,
  context,
  browser,
}) => {
  const cy = await browser.newContext();
  const theirs = { login: 'cy', password: 'a horse of their own' };
  await cy.request.post(`${stepgate.url}/api/session`, { data: theirs });
  await signIn(stepgate, context);
  await page.goto(`${stepgate.url}/people`);
  const menu = page.getByRole('button', { name: 'What can be done to cy' });
  await menu.click();
  await expect(page.getByRole('menuitem', { name: 'Sessions' })).toBeVisible();
  await picture(page, 'person-menu');
  await page.getByRole('menuitem', { name: 'Link to set a password' }).click();
  await expect(page.getByRole('dialog')).toContainText('The password until now works until then');
  await page.getByRole('button', { name: 'Make and show it' }).click();
  const shown = page.getByRole('dialog', { name: 'The new link' });
  const link = await shown.getByLabel('Link', { exact: true }).inputValue();
  await shown.getByRole('button', { name: 'I have copied it' }).click();
  await expect(page.getByRole('row', { name: /cy/ })).toContainText('A link for a new password works until');
  await menu.click();
  await page.getByRole('menuitem', { name: 'Take the link back' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Take it back' }).click();
  await expect(page.getByRole('row', { name: /cy/ })).not.toContainText('A link for a new password');
  const opened = await browser.newPage();
  await opened.goto(link);
  await expect(opened.getByRole('alert')).toBeVisible();
  await opened.close();

  expect((await cy.request.get(`${stepgate.url}/api/session`)).status()).toBe(200);
  await menu.click();
  await page.getByRole('menuitem', { name: 'Sessions' }).click();
  const dialog = page.getByRole('dialog', { name: 'Where cy is signed in' });
  await expect(dialog.getByRole('listitem')).toHaveCount(2);
  await expectAccessible(page);
  await picture(page, 'person-sessions');
  await dialog.getByRole('button', { name: 'End all 2' }).click();
  await expect(dialog.getByText('cy is signed in nowhere.')).toBeVisible();
  expect((await cy.request.get(`${stepgate.url}/api/session`)).status()).toBe(401);
  await cy.close();
});

test('attack_62_a_builder_makes_no_way_in_to_anothers_account', async ({ context }) => {
  const answer = await context.request.post(`${stepgate.url}/api/session`, { data: { login: 'bo', password } });
  const { csrf } = (await answer.json()) as { csrf: string };
  const headers = { 'Stepgate-Csrf': csrf };
  for (const [method, path] of [
    ['POST', '/api/people/ada/set-up-link'],
    ['DELETE', '/api/people/ada/sessions'],
    ['GET', '/api/people/ada/sessions'],
  ] as const) {
    const refused = await context.request.fetch(`${stepgate.url}${path}`, { method, headers });
    expect(refused.status(), path).toBe(403);
  }
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
