// Writing a definition: names completed in form and text, each side following the other's caret, drafts on the server, versions.

import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test, type Page } from '@playwright/test';
import { makeAdmin, signIn } from './account.ts';
import { expectAccessible } from './axe.ts';
import { picture } from './screens.ts';
import { serve, type Stepgate } from './stepgate.ts';
import { byForm, PASSWORD, upstream, type Upstream } from './upstream.ts';
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
test.beforeEach(async ({ context }) => {
  await signIn(stepgate, context);
});

const example = (name: string) => readFileSync(resolve(import.meta.dirname, `../../examples/${name}.yaml`), 'utf8');

const open = (page: Page, name: string) => page.goto(`${stepgate.url}/connectors/${name}`);

test('a template is completed in a field: names in scope, later steps last and not to be chosen, filters after |', async ({ page }) => {
  await made.connector(example('mediawiki'));
  await open(page, 'mediawiki');
  await page.getByRole('button', { name: 'Unfold all' }).first().click();
  const login = page.getByRole('region', { name: 'Step 3: login' });
  const name = login.getByLabel('Value of lgname');
  await name.fill('');
  await name.pressSequentially('{{');
  const list = page.getByRole('listbox', { name: 'What can be read here' });
  await expect(list.getByRole('option', { name: /start\.logintoken/ })).toBeVisible();
  const later = list.getByRole('option', { name: /csrf\.token/ });
  await expect(later).toContainText('runs after this');
  await expect(later).toHaveAttribute('aria-disabled', 'true');
  await expectAccessible(page);
  await picture(page, 'editor-names');
  await name.pressSequentially('form1.user');
  await expect(list.getByRole('option')).toHaveCount(1);
  await page.keyboard.press('Enter');
  await expect(name).toHaveValue('{{form1.username}}');
  await expect(list).toHaveCount(0);

  // Inside of what is there already, the word alone is replaced; a filter comes after the bar.
  for (let left = 0; left < 2; left++) await page.keyboard.press('ArrowLeft');
  await page.keyboard.type(' | base64u');
  await expect(list.getByRole('option', { name: /^base64url/ })).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(name).toHaveValue('{{form1.username | base64url}}');
  await page.keyboard.press('Home');
  for (let right = 0; right < 4; right++) await page.keyboard.press('ArrowRight');
  await expect(page.getByText('No test has shown it yet.')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByText('No test has shown it yet.')).toHaveCount(0);

  // A condition's own fields have it too, and Escape closes the list alone.
  const expected = login.getByLabel('Compared with').first();
  await expected.fill('');
  await expected.pressSequentially('{{vari');
  await expect(page.getByText('Nothing that can be read here is called vari.')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByText('Nothing that can be read here is called vari.')).toHaveCount(0);
});

test('what a test found is offered with its mask and age, and leads back to it', async ({ page }) => {
  await made.connector(byForm(api.url, 'notes', 'Notes', 'shared'));
  await open(page, 'notes');
  await page.getByRole('button', { name: 'Test', exact: true }).click();
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  await page.getByRole('textbox', { name: 'User name' }).fill('ana');
  await page.getByRole('textbox', { name: 'Password', exact: true }).fill(PASSWORD);
  await page.getByRole('button', { name: 'Continue' }).click();
  await expect(page.getByText('The credential is complete')).toBeVisible();
  const label = page.getByRole('textbox', { name: 'Label', exact: true }).first();
  await label.fill('');
  await label.pressSequentially('{{login.body.to');
  const offer = page.getByRole('option', { name: /login\.body\.token/ });
  await expect(offer).toContainText('••••');
  await expect(offer).toContainText('just now');
  await page.keyboard.press('Tab');
  await expect(label).toHaveValue('{{login.body.token}}');
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('ArrowLeft');
  await expect(page.getByText('Last test: ••••')).toBeVisible();
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Show in Test' }).click();
  await expect(page.locator('[data-output="login.body.token"]')).toBeFocused();

  // A leaf goes to the caret as it is now, not as it was when the field got the focus.
  await label.fill('of ');
  await page.getByRole('button', { name: 'Insert {{login.body.user}}' }).click();
  await expect(label).toHaveValue('of {{login.body.user}}');
  // The same from the text, which is not shown while the test is.
  await page.getByRole('tab', { name: 'YAML' }).click();
  await page.getByRole('textbox', { name: /Definition as YAML/ }).getByText('Notes', { exact: true }).click();
  await page.keyboard.press('End');
  await page.keyboard.type(' ');
  await page.getByRole('tab', { name: 'Test' }).click();
  await page.getByRole('button', { name: /login Done/ }).click();
  await page.getByRole('button', { name: 'Insert {{login.body.user}}' }).click();
  await expect(page.getByLabel('Title').first()).toHaveValue('Notes {{login.body.user}}');
});

test('the form follows the caret of the text, unfolded parts and all, and the text the field', async ({ page }) => {
  await made.connector(example('django-admin'));
  await open(page, 'django-admin');
  const yaml = page.getByRole('textbox', { name: /Definition as YAML/ });
  await yaml.getByText('title', { exact: true }).first().click();
  await expect(page.locator('[data-path="title"][data-followed]')).toBeVisible();
  await page.getByLabel('Base URL').first().focus();
  await expect(page.locator('[data-followed]')).toHaveCount(0);
  await expect(page.locator('.cm-marked').first()).toContainText('http');
  await yaml.focus();
  await page.keyboard.press('Control+End');
  await expect(page.locator('[data-path^="endpoints"][data-followed]')).toBeInViewport();
});

test('what is typed is a draft on the server, found again, gone on with or discarded', async ({ page, context }) => {
  await made.connector(example('totp'));
  await open(page, 'totp');
  const title = page.getByLabel('Title').first();
  await title.fill('Half written');
  await expect(page.getByText('draft kept')).toBeVisible();
  expect(await page.evaluate(() => JSON.stringify([localStorage, sessionStorage]))).toBe('[{},{}]');

  const other = await context.newPage();
  await open(other, 'totp');
  await expect(other.getByText(/^Draft from .*, not saved$/)).toBeVisible();
  await expect(other.getByLabel('Title').first()).not.toHaveValue('Half written');
  await expectAccessible(other);
  await picture(other, 'editor-draft');
  await other.getByRole('button', { name: 'Go on' }).click();
  await expect(other.getByLabel('Title').first()).toHaveValue('Half written');
  await other.getByRole('button', { name: 'Save' }).click();
  await expect(other.getByText('Version 2, saved')).toBeVisible();
  await other.reload();
  await expect(other.getByText('Version 2, saved')).toBeVisible();
  await expect(other.getByText('Draft from')).toHaveCount(0);

  // Leaving keeps what was typed a moment ago, without a question.
  await other.getByLabel('Title').first().fill('Another half');
  await other.getByRole('link', { name: 'All connectors' }).click();
  await expect(other.getByRole('heading', { name: 'Connectors' })).toBeVisible();
  await open(other, 'totp');
  await other.getByRole('button', { name: 'Discard' }).click();
  await expect(other.getByText('Version 2, saved')).toBeVisible();
  const drafts = async () => (await other.request.get(`${stepgate.url}/api/drafts`)).text();
  await expect.poll(drafts).not.toContain('totp');
});

test('an older version is compared, gone back to, and saved as a new one', async ({ page }) => {
  await made.connector(example('ntlm'));
  await open(page, 'ntlm');
  const title = page.getByLabel('Title').first();
  const before = await title.inputValue();
  await title.fill('Another title');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('Version 2, saved')).toBeVisible();
  await page.getByRole('button', { name: 'More', exact: true }).click();
  await page.getByRole('menuitem', { name: 'Versions' }).click();
  await page.getByRole('button', { name: /^Version 1/ }).click();
  const difference = page.getByRole('region', { name: /^From version 1/ });
  await expect(difference).toContainText(`title: ${before}`);
  await expect(difference).toContainText('title: Another title');
  await expectAccessible(page);
  await picture(page, 'editor-versions');
  await page.getByRole('button', { name: 'Go back to version 1' }).click();
  await expect(title).toHaveValue(before);
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('Version 3, saved')).toBeVisible();
});
