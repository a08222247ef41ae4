// The editor: a connector built by clicking, form and YAML as one document, problems, steps, saving.

import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test, type Page } from '@playwright/test';
import { makeAdmin, signIn, signInAgain } from './account.ts';
import { expectAccessible } from './axe.ts';
import { picture } from './screens.ts';
import { serve, type Stepgate } from './stepgate.ts';

let stepgate: Stepgate;
let csrf: string;

test.beforeAll(async () => {
  stepgate = await serve();
  await makeAdmin(stepgate);
});
test.afterAll(() => stepgate.stop());

test.beforeEach(async ({ context }) => {
  csrf = await signIn(stepgate, context);
});

const example = (name: string) => readFileSync(resolve(import.meta.dirname, `../../examples/${name}.yaml`), 'utf8');

/** Makes a connector over the API, under another name where that is asked for. */
async function put(page: Page, text: string): Promise<void> {
  const answer = await page.request.post(`${stepgate.url}/api/connectors`, {
    headers: { 'Content-Type': 'text/yaml', 'Stepgate-Csrf': csrf },
    data: text,
  });
  expect(answer.ok(), await answer.text()).toBe(true);
}

/** The whole text, as the server would get it. */
async function text(page: Page): Promise<string> {
  await page.getByRole('button', { name: 'More', exact: true }).click();
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('menuitem', { name: 'Export' }).click(),
  ]);
  return readFileSync(await file.path(), 'utf8');
}

const step = (page: Page, name: RegExp) => page.getByRole('region', { name });

test('the connector of a wiki is built by clicking', async ({ page }) => {
  await page.goto(stepgate.url);
  await expect(page.getByText('No connector yet')).toBeVisible();
  await expectAccessible(page);
  await page.getByRole('button', { name: 'New connector' }).click();
  await page.getByLabel('Title').fill('Team wiki');
  await page.getByLabel('Base URL').fill('https://wiki.example.org/');
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Make the connector' }).click();
  await expect(page).toHaveURL(`${stepgate.url}/connectors/team-wiki`);

  const flow = page.getByRole('group', { name: 'Auth flow' });
  const add = async (kind: string) => {
    await flow.getByRole('button', { name: 'Add step' }).click();
    await page.getByRole('textbox', { name: 'Search kinds' }).fill(kind);
    await page.keyboard.press('Enter');
  };
  await add('form');
  await add('api_request');
  await add('api_request');
  const start = step(page, /Step 2: request1/);
  await start.getByLabel('ID').fill('start');
  await start.getByLabel('ID').press('Enter');
  const begun = step(page, /Step 2: start/);
  await begun.getByLabel('URL').fill('{{base_url}}/api.php');
  await begun.getByRole('button', { name: 'Add output' }).click();
  await begun.getByLabel('Output').fill('logintoken');
  await begun.getByLabel('Output').press('Enter');
  await begun.getByLabel('JSON').fill('$.query.tokens.logintoken');
  const login = step(page, /Step 3: request2/);
  await login.getByLabel('ID').fill('login');
  await login.getByLabel('ID').press('Enter');
  const sent = step(page, /Step 3: login/);
  await sent.getByLabel('Method').fill('POST');
  await sent.getByLabel('URL').fill('{{base_url}}/api.php');
  await sent.getByLabel('Body', { exact: true }).click();
  await page.getByRole('option', { name: 'Form', exact: true }).click();
  await sent.getByRole('button', { name: 'Add form field' }).click();
  await sent.getByLabel('Name, now form').fill('lgpassword');
  await sent.getByLabel('Name, now form').press('Enter');
  await sent.getByLabel('Value of lgpassword').fill('{{form1.password}}');

  await expect(page.getByRole('region', { name: 'Problems' })).not.toContainText('error');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('Version 2, saved')).toBeVisible();
  const saved = await text(page);
  expect(saved).toContain('id: login\n      kind: api_request\n      request:\n        method: POST');
  expect(saved).toContain('logintoken: { json: $.query.tokens.logintoken }');
  expect(saved).toContain('lgpassword: "{{form1.password}}"');
});

test('an edit in the form leaves comments and order alone; typing in the text moves the form', async ({ page }) => {
  const before = example('mediawiki');
  await put(page, before);
  await page.goto(`${stepgate.url}/connectors/mediawiki`);
  await page.getByLabel('Title').first().fill('Our wiki');
  expect(await text(page)).toBe(before.replace('title: Team wiki', 'title: Our wiki'));

  const yaml = page.getByRole('textbox', { name: /Definition as YAML/ });
  await yaml.getByText('mediawiki', { exact: true }).click();
  await page.keyboard.press('Home');
  await page.keyboard.type('kind: rest\n');
  await expect(page.getByLabel('Kind').first()).toHaveValue('rest');
  await page.keyboard.type('  broken: [\n');
  await expect(page.getByText('Showing the last valid text').first()).toBeVisible();
  await expect(page.getByLabel('Title').first()).not.toBeEditable();
  await expectAccessible(page);
  // Edits of both sides are undone by one history. A slow machine types so slowly that each key is a step of it.
  await yaml.focus();
  for (let undone = 0; undone < 60; undone++) await page.keyboard.press('Control+z');
  await expect(page.getByRole('button', { name: 'Save' })).toBeDisabled();
  expect(await text(page)).toBe(before);
  await expect(page.getByLabel('Title').first()).toHaveValue('Team wiki');
});

test('problems stand at the field and at the line, with the nearest name as a fix', async ({ page }) => {
  await put(page, example('one-time-code'));
  await page.goto(`${stepgate.url}/connectors/one-time-code`);
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Unfold all' }).first().click();
  const url = page.getByLabel('URL').nth(1);
  await url.fill('{{bas_url}}/x');
  const problems = page.getByRole('region', { name: 'Problems' });
  await expect(problems).toContainText('1 error');
  await expect(page.locator('.cm-lintRange-error').first()).toBeVisible();
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Use base_url' }).first().click();
  await expect(problems).toContainText('No problems');
  await expect(url).toHaveValue('{{base_url}}/x');
});

test('steps are moved by keys, duplicated, copied, and refused where nobody sits', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await put(page, example('oidc-provider'));
  await page.goto(`${stepgate.url}/connectors/oidc-provider`);
  const flow = page.getByRole('group', { name: 'Auth flow' });
  const ids = async () => (await flow.getByRole('region').evaluateAll((all) => all.map((one) => one.getAttribute('aria-label'))));
  await expect.poll(async () => (await ids()).length).toBeGreaterThan(0);
  const name = ((await ids())[0] ?? '').replace('Step 1: ', '');
  await flow.getByRole('button', { name: `What can be done with ${name}` }).click();
  await page.getByRole('menuitem', { name: 'Duplicate' }).click();
  await expect.poll(ids).toContain(`Step 2: ${name}2`);
  await flow.getByRole('button', { name: new RegExp(`^2 ${name}2`) }).focus();
  await page.keyboard.press('Alt+ArrowUp');
  await expect.poll(ids).toContain(`Step 1: ${name}2`);
  await expect(flow.getByRole('button', { name: new RegExp(`^1 ${name}2`) })).toBeFocused();

  await flow.getByRole('button', { name: `What can be done with ${name}2` }).click();
  await page.getByRole('menuitem', { name: 'Copy as YAML' }).click();
  const refresh = page.getByRole('group', { name: 'Refresh flow' });
  await refresh.getByRole('button', { name: 'Paste' }).click();
  await expect(refresh.getByRole('alert')).toContainText('Nobody is there to answer in a refresh flow');
  await refresh.getByRole('button', { name: 'Add step' }).click();
  await expect(page.getByRole('dialog').getByRole('button', { name: /^Form/ })).toBeDisabled();
  await expectAccessible(page);
  await picture(page, 'editor-kinds');
});

test('where the browser keeps its clipboard from pages, steps are copied and pasted all the same', async ({ page }) => {
  await page.addInitScript(() => Object.defineProperty(navigator, 'clipboard', { value: undefined }));
  await put(page, example('django-admin'));
  await page.goto(`${stepgate.url}/connectors/django-admin`);
  const flow = page.getByRole('group', { name: 'Auth flow' });
  await flow.getByRole('button', { name: 'What can be done with form1', exact: true }).click();
  await page.getByRole('menuitem', { name: 'Copy as YAML' }).click();
  await expect(page.getByText('form1 is copied as YAML')).toBeAttached();
  await flow.getByRole('button', { name: 'Paste' }).click();
  await page.getByRole('textbox', { name: 'Steps as YAML' }).focus();
  await page.keyboard.press('Control+v');
  await page.getByRole('button', { name: 'Add the steps' }).click();
  await expect(step(page, /^Step \d+: form\d+$/)).toHaveCount(2);
});

test('who is overtaken by somebody else chooses between the two texts', async ({ page }) => {
  await put(page, example('totp'));
  await page.goto(`${stepgate.url}/connectors/totp`);
  await page.getByLabel('Title').first().fill('Mine');
  const theirs = example('totp').replace(/^title: .*$/m, 'title: Theirs');
  const answer = await page.request.put(`${stepgate.url}/api/connectors/totp`, {
    headers: { 'Content-Type': 'text/yaml', 'Stepgate-Csrf': csrf, 'If-Match': '"1"' },
    data: theirs,
  });
  expect(answer.ok()).toBe(true);
  await page.keyboard.press('Control+s');
  const dialog = page.getByRole('dialog');
  await expect(dialog).toContainText('ada saved version 2 since you opened this');
  await expect(dialog).toContainText('title: Theirs');
  await expectAccessible(page);
  await picture(page, 'editor-conflict');
  await dialog.getByRole('button', { name: 'Keep theirs' }).click();
  await expect(page.getByLabel('Title').first()).toHaveValue('Theirs');
  await expect(page.getByText('Version 2, saved')).toBeVisible();
});

test('what is typed is kept before one signs out, and who cannot have it kept is asked', async ({ page }) => {
  await put(page, example('hawk'));
  await page.goto(`${stepgate.url}/connectors/hawk`);
  const title = page.getByLabel('Title').first();
  const signOut = async () => {
    await page.getByRole('button', { name: /^ada/ }).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
  };
  await page.route('**/api/drafts/*', (route) => route.abort());
  // The click waits for its own question if that comes fast, so the question is answered while the click waits.
  const question = page.waitForEvent('dialog').then(async (dialog) => {
    await dialog.dismiss();
    return dialog.message();
  });
  await title.fill('Typed last');
  await signOut();
  expect(await question).toContain('No draft could be kept');
  await expect(page.getByRole('menuitem', { name: 'Sign out' })).toBeEnabled();
  await expect(title).toHaveValue('Typed last');
  await page.keyboard.press('Escape');
  await page.unroute('**/api/drafts/*');
  await signOut();
  await signInAgain(page);
  await page.getByRole('button', { name: 'Go on' }).click();
  await expect(title).toHaveValue('Typed last');
});

test('what is typed outlives a session that ends and a server that does not answer', async ({ page, context }) => {
  await put(page, example('digest'));
  await page.goto(`${stepgate.url}/connectors/digest`);
  const title = page.getByLabel('Title').first();
  await expect(title).toBeVisible();
  await page.route('**/api/**', (route) => route.abort());
  await title.fill('Typed in vain');
  await expect(page.getByText('no draft is kept: Stepgate did not answer')).toBeVisible();
  await expect(title).toHaveValue('Typed in vain');
  await context.clearCookies();
  await page.unroute('**/api/**');
  await page.getByRole('button', { name: 'Save' }).click();
  await signInAgain(page);
  await page.getByRole('button', { name: 'Go on' }).click();
  await expect(title).toHaveValue('Typed in vain');
  await expect(page.getByText('draft kept')).toBeVisible();
});

test('a body that cannot be read stays as it is typed, and says what is wrong', async ({ page }) => {
  await put(page, example('jwt-expiry'));
  await page.goto(`${stepgate.url}/connectors/jwt-expiry`);
  const login = step(page, /^Step 2/);
  await login.getByRole('button', { name: 'Edit as YAML' }).click();
  const body = login.getByRole('textbox', { name: 'JSON' });
  await body.fill('email: "{{form1.email}}"\npassword: "x');
  await login.getByRole('button', { name: 'Edit key by key' }).focus();
  await page.keyboard.press('Enter');
  await expect(body).toHaveValue('email: "{{form1.email}}"\npassword: "x');
  await expect(body).toBeFocused();
  await expect(login.getByText('Line 2: Missing closing "quote')).toBeVisible();
  await body.fill('email: "{{form1.email}}"\npassword: "x"');
  await login.getByRole('button', { name: 'Edit key by key' }).focus();
  await page.keyboard.press('Enter');
  await expect(login.getByLabel('Value of password')).toHaveValue('x');
});

test('the list: duplicate, export, delete', async ({ page }) => {
  await put(page, example('hmac'));
  await page.goto(stepgate.url);
  await expectAccessible(page);
  const row = page.getByRole('listitem').filter({ hasText: 'hmac' });
  await row.getByRole('button', { name: /What can be done/ }).click();
  await page.getByRole('menuitem', { name: 'Duplicate' }).click();
  await expect(page).toHaveURL(`${stepgate.url}/connectors/hmac-2`);
  await page.goto(stepgate.url);
  const copy = page.getByRole('listitem').filter({ hasText: 'hmac-2' });
  await copy.getByRole('button', { name: /What can be done/ }).click();
  await page.getByRole('menuitem', { name: 'Delete' }).click();
  await expect(page.getByRole('dialog').locator(':focus')).toHaveCount(1);
  await page.keyboard.press('Escape');
  await expect(copy.getByRole('button', { name: /What can be done/ })).toBeFocused();
  await page.keyboard.press('Enter');
  await page.getByRole('menuitem', { name: 'Delete' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  await expect(copy).toHaveCount(0);
});
