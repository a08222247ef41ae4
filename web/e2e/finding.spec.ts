// Finding anything by keys, the list of keys, the next problem wherever it is folded away, and the screen as users see it.

import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from '@playwright/test';
import { makeAdmin, signIn } from './account.ts';
import { expectAccessible } from './axe.ts';
import { picture } from './screens.ts';
import { serve, type Stepgate } from './stepgate.ts';
import { workspace, type Workspace } from './workspace.ts';

let stepgate: Stepgate;
let made: Workspace;

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

const example = (name: string) => readFileSync(resolve(import.meta.dirname, `../../examples/${name}.yaml`), 'utf8');

test('a few letters find a connector, a page, a part and a step; ? lists the keys', async ({ page }) => {
  await made.connector(example('mediawiki'));
  await page.goto(stepgate.url);
  await expect(page.getByRole('heading', { name: 'Connectors' })).toBeVisible();
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog', { name: 'Keys' })).toContainText('Go to the next problem');
  await expectAccessible(page);
  await picture(page, 'keys');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+k');
  const field = page.getByRole('combobox', { name: /Find/ });
  await expect(field).toBeFocused();
  await field.fill('mwi');
  await expect(page.getByRole('option')).toHaveCount(1);
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(`${stepgate.url}/connectors/mediawiki`);
  await expect(page.getByRole('heading', { name: 'Team wiki' })).toBeVisible();

  await page.keyboard.press('Control+k');
  await field.fill('csrf');
  await expectAccessible(page);
  await picture(page, 'find');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('region', { name: 'Step 4: csrf' }).getByRole('button', { name: /^4 csrf/ })).toBeFocused();
  // From inside of the text too, where the keys are not the text's own.
  await page.getByRole('textbox', { name: /Definition as YAML/ }).focus();
  await page.keyboard.press('Control+k');
  await field.fill('endpoi');
  await page.keyboard.press('Enter');
  await expect(page.locator('#part-endpoints')).toBeFocused();
  await page.keyboard.press('Control+k');
  await field.fill('nothing like it');
  await expect(page.getByText('Nothing is called “nothing like it”.')).toBeVisible();
  await field.fill('conn');
  await page.getByRole('option', { name: /^Connections/ }).click();
  await expect(page).toHaveURL(`${stepgate.url}/connections`);
});

test('what opened a dialog has the focus again once it is closed', async ({ page }) => {
  await page.goto(stepgate.url);
  const opener = page.getByRole('link', { name: 'Apps' });
  await opener.focus();
  for (const [keys, name] of [['?', 'Keys'], ['Control+k', 'Find']] as const) {
    await page.keyboard.press(keys);
    await expect(page.getByRole('dialog', { name })).toBeVisible();
    await expect(page.getByRole('dialog', { name }).locator(':focus')).toHaveCount(1);
    await page.keyboard.press('Escape');
    await expect(page.getByRole('dialog')).toHaveCount(0);
    await expect(opener).toBeFocused();
  }
});

test('F8 goes to the next problem, into a folded step; Ctrl Enter runs the test', async ({ page }) => {
  const broken = example('django-admin').replace(/\{\{form1\.password\}\}/, '{{form1.pasword}}');
  expect(broken).toContain('pasword');
  const answer = await page.request.post(`${stepgate.url}/api/connectors`, {
    headers: { 'Content-Type': 'text/yaml', 'Stepgate-Csrf': await signIn(stepgate, page.context()) },
    data: example('django-admin'),
  });
  expect(answer.ok()).toBe(true);
  await page.goto(`${stepgate.url}/connectors/django-admin`);
  const yaml = page.getByRole('textbox', { name: /Definition as YAML/ });
  await yaml.focus();
  await page.keyboard.press('Control+a');
  await page.keyboard.insertText(broken);
  await expect(page.getByRole('region', { name: 'Problems' })).toContainText('1 error');
  await page.getByRole('tab', { name: 'Test' }).click();
  await page.keyboard.press('F8');
  await expect(page.locator(':focus')).toHaveValue('{{form1.pasword}}');
  await page.getByRole('button', { name: 'Use password' }).first().click();
  await expect(page.getByRole('region', { name: 'Problems' })).toContainText('No problems');
  await expect(page.locator('[data-path="auth_flow.steps[2].request.form.password"]')).toHaveValue('{{form1.password}}');
  await page.getByRole('tab', { name: 'YAML' }).click();
  await page.keyboard.press('Control+Enter');
  await expect(page.getByRole('list', { name: 'Timeline' })).toContainText('Waiting for you');
});

test('the screen preview follows the form as it is written', async ({ page }) => {
  await made.connector(example('one-time-code'));
  await page.goto(`${stepgate.url}/connectors/one-time-code`);
  await page.getByRole('tab', { name: 'Screen preview' }).click();
  const screen = page.getByRole('region', { name: 'As users see it' });
  await expect(screen.getByLabel('PIN')).toBeVisible();
  await page.getByRole('button', { name: 'Unfold all' }).first().click();
  await page.getByRole('region', { name: /^Step 1/ }).getByLabel('Title').fill('Welcome back');
  await expect(screen.getByRole('heading', { name: 'Welcome back' })).toBeVisible();
  await expectAccessible(page);
  await picture(page, 'editor-screen');
  await screen.getByRole('button', { name: 'Show password' }).click();
  await expect(screen.getByRole('button', { name: 'Hide password' })).toHaveAttribute('aria-pressed', 'true');
  await page.setViewportSize({ width: 390, height: 844 });
  await page.getByText('Screen', { exact: true }).click();
  await expect(screen).toBeVisible();
  await expectAccessible(page);
});
