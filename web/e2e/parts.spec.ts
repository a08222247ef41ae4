// The parts of a definition by clicking: cookies, sign-in types, update variables from a tree, steps disabled, GraphQL, step-up.

import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test, type Page } from '@playwright/test';
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
test.beforeEach(async ({ context }) => {
  await signIn(stepgate, context);
});

const example = (name: string) => readFileSync(resolve(import.meta.dirname, `../../examples/${name}.yaml`), 'utf8');

const part = (page: Page, name: string) => page.getByRole('region', { name, exact: true });

/** The whole text, as the server would get it. */
async function text(page: Page): Promise<string> {
  await page.getByRole('button', { name: 'More', exact: true }).click();
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('menuitem', { name: 'Export' }).click(),
  ]);
  return readFileSync(await file.path(), 'utf8');
}

async function choose(page: Page, field: ReturnType<Page['getByLabel']>, option: string): Promise<void> {
  await field.click();
  await page.getByRole('option', { name: option, exact: true }).click();
}

const noErrors = (page: Page) => expect(page.getByRole('region', { name: 'Problems' })).not.toContainText('error');

test('cookies, request parameters, a sign-in type and an environment are set without a look at the text', async ({ page }) => {
  await made.connector('stepgate: 1\nconnector: bare\nbase_url: https://api.example.org\nauth_flow: { steps: [] }\n');
  await page.goto(`${stepgate.url}/connectors/bare`);
  const cookies = part(page, 'Cookies');
  await cookies.getByLabel('Forward all').check();
  await cookies.getByLabel('Cookie', { exact: true }).fill('csrftoken');
  await choose(page, cookies.getByLabel('In', { exact: true }), 'header');
  await cookies.getByLabel('Name', { exact: true }).fill('X-CSRFToken');
  const secrets = part(page, 'Variables and secrets');
  await secrets.getByRole('button', { name: 'Add secret' }).click();
  const parameters = part(page, 'Request parameters');
  await parameters.getByRole('button', { name: 'Add request parameter' }).click();
  await parameters.getByLabel('Value').fill('{{secrets.secret}}');
  await parameters.getByLabel('Value').blur();
  const signs = part(page, 'Sign-in type');
  await choose(page, signs.getByLabel('Kind'), 'NTLM');
  await signs.getByLabel('Username').fill('svc');
  await signs.getByLabel('Password').fill('{{secrets.secret}}');
  await signs.getByRole('button', { name: 'More settings' }).click();
  await page.getByRole('menuitem', { name: /^Domain/ }).click();
  await signs.getByLabel('Domain').fill('CORP');
  await part(page, 'Environments').getByRole('button', { name: 'Add environment' }).click();
  await part(page, 'Environments').getByLabel('Base URL').fill('https://staging.example.org');
  await noErrors(page);
  const written = await text(page);
  expect(written).toContain('forward_all: true');
  expect(written).toContain('double_submit: { cookie: csrftoken, send_as: { in: header, name: X-CSRFToken } }');
  expect(written).toContain('- { in: header, name: Authorization, value: "{{secrets.secret}}" }');
  expect(written).toContain('base_url: https://staging.example.org');
  expect(written).toContain('kind: ntlm\n  username: svc\n  password: "{{secrets.secret}}"\n  domain: CORP');
  await expectAccessible(page);
});

test('an update variable is picked from both trees; a step is disabled and enabled; a password in an address is told', async ({ page }) => {
  await made.connector(byForm(api.url, 'notes', 'Notes', 'shared'));
  await page.goto(`${stepgate.url}/connectors/notes`);
  const refresh = part(page, 'Refresh flow');
  await refresh.getByRole('button', { name: 'Add step' }).click();
  await page.getByRole('textbox', { name: 'Search kinds' }).fill('api_request');
  await page.keyboard.press('Enter');
  await refresh.getByRole('button', { name: 'Add update' }).click();
  await refresh.getByRole('button', { name: /^Pick auth flow output/ }).click();
  const tree = page.getByRole('tree', { name: 'Outputs' });
  await expect(tree).toBeVisible();
  await expectAccessible(page);
  await tree.getByText('body', { exact: true }).click();
  await refresh.getByRole('button', { name: /^Pick what login.body becomes/ }).click();
  await page.getByRole('textbox', { name: 'Filter outputs' }).fill('status');
  await page.getByRole('tree', { name: 'Outputs' }).getByText('status', { exact: true }).click();
  await noErrors(page);
  expect(await text(page)).toMatch(/login\.body: "\{\{request\d*\.status\}\}"/);

  const flow = part(page, 'Auth flow');
  await flow.getByRole('button', { name: 'What can be done with login' }).click();
  await page.getByRole('menuitem', { name: 'Disable' }).click();
  await expect(flow.getByRole('region', { name: 'Step 2: login' })).toContainText('Disabled');
  await expectAccessible(page);
  await flow.getByRole('button', { name: 'What can be done with login' }).click();
  await page.getByRole('menuitem', { name: 'Enable' }).click();
  await expect(flow.getByRole('region', { name: 'Step 2: login' })).not.toContainText('Disabled');
  expect(await text(page)).not.toContain('disabled');

  const tested = part(page, 'Test API');
  await tested.getByRole('button', { name: 'Send user of the form too' }).click();
  expect(await text(page)).toContain('user: "{{form1.user}}"');
  await tested.getByLabel('Value of user').fill('{{form1.password}}');
  await expect(tested.getByText('A password would stand in the address')).toBeVisible();
});

test('GraphQL operations, step-up steps and JSON bodies have their places', async ({ page }) => {
  await made.connector(example('graphql-connector'));
  const name = /connector: (\S+)/.exec(example('graphql-connector'))?.[1] ?? '';
  await page.goto(`${stepgate.url}/connectors/${name}`);
  const endpoints = part(page, 'Endpoints');
  await endpoints.getByRole('button', { name: 'Add endpoint' }).click();
  await endpoints.getByLabel('Query').last().fill('query { me { name } }');
  const more = part(page, 'Step-up');
  await more.getByRole('button', { name: 'Add step' }).click();
  await page.getByRole('textbox', { name: 'Search kinds' }).fill('form');
  await page.keyboard.press('Enter');
  await expect(more.getByRole('region', { name: /^Step 1: form/ })).toBeVisible();
  await noErrors(page);
  const written = await text(page);
  expect(written).toContain('query { me { name } }');
  expect(written).toMatch(/step_up:\s+steps:\s+- (\{ )?id: form\d,?\s+kind: form/);
  await expectAccessible(page);
});

test('an endpoint is called with a connection too: pretty, raw, headers, and as curl', async ({ page }) => {
  await made.connector(`${byForm(api.url, 'desk', 'Desk', 'shared')}endpoints: [{ name: me, request: { method: GET, url: "{{base_url}}/me" } }]\n`);
  const begun = await made.post<{ id: string }>('/api/runs', { connector: 'desk' });
  await made.post(`/api/runs/${begun.id}/answers`, { form1: { user: 'ana', password: PASSWORD } });
  await page.goto(`${stepgate.url}/connectors/desk`);
  await page.getByRole('button', { name: 'Test', exact: true }).click();
  const pane = page.getByRole('tabpanel', { name: 'Test' });
  await choose(page, pane.getByRole('combobox', { name: 'Test', exact: true }), 'Endpoint me');
  await pane.getByRole('button', { name: 'Call' }).click();
  const answer = pane.getByRole('region', { name: 'Answer', exact: true });
  await expect(answer).toContainText('200, as expected');
  await expect(answer).toContainText('"user": "ana"');
  await answer.getByText('Headers', { exact: true }).click();
  await expect(answer).toContainText('content-type: application/json');
  expect(await page.content()).not.toContain(CANARY);
  await expectAccessible(page);
});

test('a test goes on from a step, and names what was used up before it', async ({ page }) => {
  const codes = byForm(api.url, 'codes', 'Codes', 'shared').replace(
    '{ key: password, type: password, label: Password }',
    '{ key: password, type: password, label: Password }\n        - { key: otp, type: otp, label: Code }',
  );
  await made.connector(codes);
  await page.goto(`${stepgate.url}/connectors/codes`);
  await page.getByRole('button', { name: 'Test', exact: true }).click();
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  await page.getByRole('textbox', { name: 'User name' }).fill('ana');
  await page.getByRole('textbox', { name: 'Password', exact: true }).fill('wrong');
  await page.getByRole('textbox', { name: 'Code' }).fill('123456');
  await page.getByRole('button', { name: 'Stop' }).click();
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  await page.getByRole('textbox', { name: 'User name' }).fill('ana');
  await page.getByRole('textbox', { name: 'Password', exact: true }).fill(PASSWORD);
  await page.getByRole('textbox', { name: 'Code' }).fill('123456');
  await page.getByRole('button', { name: 'Continue' }).click();
  await expect(page.getByText('The credential is complete')).toBeVisible();
  const timeline = page.getByRole('list', { name: 'Timeline' });
  await timeline.getByRole('button', { name: /^login Done/ }).click();
  await page.getByRole('button', { name: 'Run from login on' }).click();
  await expect(page.getByRole('alert')).toContainText('form1.otp has been used up');
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Run from login anyway' }).click();
  await expect(page.getByText('The credential is complete')).toBeVisible();
  await expect(timeline.getByRole('button', { name: /^form1/ })).toHaveCount(0);

  // After an edit the outputs say that they are from before it, whichever side it was made on.
  await page.getByRole('tab', { name: 'YAML' }).click();
  await page.getByLabel('Title').first().fill('Codes again');
  await page.getByRole('tab', { name: 'Test' }).click();
  await expect(page.getByText('Outputs are from before your change.')).toBeVisible();
});
