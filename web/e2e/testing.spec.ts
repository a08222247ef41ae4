// Tests of a definition in the editor: the whole of a sign-in, a renewal and a call against an API with awkward manners.

import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from '@playwright/test';
import { makeAdmin, signIn } from './account.ts';
import { expectAccessible } from './axe.ts';
import { serve, type Stepgate } from './stepgate.ts';
import { TestPane } from './testPane.ts';

/** What must be seen nowhere before somebody asks for it. */
const CANARIES = ['access-canary-1', 'access-canary-2', 'renew-canary', 'cookie-canary', 'typed-canary'];

let stepgate: Stepgate;
let api: Server;

/** A sign-in with a token that can be renewed; a call wants the token. */
test.beforeAll(async () => {
  stepgate = await serve();
  await makeAdmin(stepgate);
  api = createServer((request, response) => {
    let body = '';
    request.on('data', (piece: Buffer) => (body += piece.toString()));
    request.on('end', () => {
      const [status, value] = answer(request.url ?? '', request.headers.authorization ?? '', body);
      const cookie = status === 200 && request.url === '/login' ? { 'Set-Cookie': 'sid=cookie-canary; Path=/' } : {};
      response.writeHead(status, { 'Content-Type': 'application/json', ...cookie });
      response.end(JSON.stringify(value));
    });
  });
  await new Promise<void>((resolve) => api.listen(0, '127.0.0.1', resolve));
});
test.afterAll(async () => {
  api.close();
  await stepgate.stop();
});

function answer(path: string, token: string, body: string): [number, unknown] {
  if (path === '/login') {
    if (!body.includes('typed-canary')) return [403, { error: 'no' }];
    return [200, { token: 'access-canary-1', renew: 'renew-canary', user: { id: 7 } }];
  }
  if (path === '/renew') return [200, { token: 'access-canary-2' }];
  return /access-canary-[12]$/.test(token) ? [200, { name: 'Ana' }] : [401, { error: 'who?' }];
}

const definition = (name: string) => `stepgate: 1
connector: ${name}
title: Shop
base_url: http://127.0.0.1:${(api.address() as AddressInfo).port}
auth_flow:
  steps:
    - id: form1
      kind: form
      title: Sign in to the shop
      fields: [{ key: username, type: text, label: User name }, { key: password, type: password, label: Password }]
    - id: login
      kind: api_request
      request: { method: POST, url: "{{base_url}}/login", json: { user: "{{form1.username}}", pass: "{{form1.password}}" } }
      expect: { value: "{{response.status}}", equals: 200, else: The shop did not accept this name and password. }
      on_fail: { back_to: form1, attempts: 3 }
refresh_flow:
  steps:
    - id: renew
      kind: api_request
      request: { method: POST, url: "{{base_url}}/renew", json: { token: "{{login.body.renew}}" } }
  update_variables: { login.body.token: "{{renew.body.token}}" }
request_parameters:
  - { in: header, name: Authorization, value: "Bearer {{login.body.token}}" }
test_api: { name: Who am I, request: { method: GET, url: "{{base_url}}/me" }, expect: { value: "{{response.status}}", equals: 200 } }
endpoints:
  - name: order
    request: { method: GET, url: "{{base_url}}/orders/{{parameters.id}}" }
    parameters: { id: { type: integer } }
  - { name: me, request: { method: GET, url: "{{base_url}}/me" } }
`;

test('a sign-in, a renewal and calls are tried; values stay hidden until one is asked for', async ({ page, context }) => {
  const csrf = await signIn(stepgate, context);
  const heard: string[] = [];
  page.on('response', (response) => {
    if (response.url().includes('/api/') && !response.url().endsWith('/reveal')) {
      response.text().then((text) => heard.push(text), () => undefined);
    }
  });
  const made = await page.request.post(`${stepgate.url}/api/connectors`, {
    headers: { 'Content-Type': 'text/yaml', 'Stepgate-Csrf': csrf },
    data: definition('shop'),
  });
  expect(made.ok(), await made.text()).toBe(true);
  await page.goto(`${stepgate.url}/connectors/shop`);
  await page.getByRole('button', { name: 'Test', exact: true }).click();
  await page.getByRole('button', { name: 'Run', exact: true }).click();

  // The wrong password first: the form says so, and keeps no password.
  const timeline = page.getByRole('list', { name: 'Timeline' });
  await expect(timeline).toContainText('Waiting for you');
  await page.getByRole('textbox', { name: 'User name' }).fill('ana');
  await page.getByRole('textbox', { name: 'Password', exact: true }).fill('wrong');
  await page.getByRole('button', { name: 'Continue' }).click();
  await expect(page.getByText('The shop did not accept this name and password.').first()).toBeVisible();
  await expectAccessible(page);
  await page.getByRole('textbox', { name: 'User name' }).fill('ana');
  await page.getByRole('textbox', { name: 'Password', exact: true }).fill('typed-canary');
  await page.keyboard.press('Enter');
  await expect(page.getByText('The credential is complete')).toBeVisible();

  const shown = async () => (await page.locator('body').innerText()) + heard.join('\n');
  await timeline.getByRole('button', { name: /login Done/ }).click();
  await expect(timeline.getByText('login.body.token', { exact: true })).toBeVisible();
  await expectAccessible(page);
  for (const canary of CANARIES) expect(await shown()).not.toContain(canary);
  await timeline.getByRole('button', { name: 'Reveal login.body.token' }).click();
  await expect(timeline.getByText('access-canary-1')).toBeVisible();
  await timeline.getByRole('button', { name: 'Hide login.body.token' }).click();
  await expect(timeline.getByText('access-canary-1')).toHaveCount(0);

  // A leaf of the tree goes where the caret was.
  await page.getByRole('textbox', { name: 'Label', exact: true }).first().focus();
  await timeline.getByRole('button', { name: 'Insert {{login.body.user.id}}' }).click();
  await expect(page.getByRole('textbox', { name: 'Label', exact: true }).first()).toHaveValue('{{login.body.user.id}}');

  const pane = page.getByRole('tabpanel', { name: 'Test' });
  const choose = async (what: string) => {
    await pane.getByRole('combobox', { name: 'Test', exact: true }).click();
    await page.getByRole('option', { name: what }).click();
  };
  await choose('Refresh flow');
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  await expect(timeline).toContainText('login.body.token has a new value.');
  await expectAccessible(page);
  await choose('Endpoint order');
  await pane.getByRole('textbox', { name: 'id', exact: true }).fill('7');
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  await expect(page.getByText('200, as expected')).toBeVisible();

  const [report] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Save a report without secrets' }).click(),
  ]);
  expect(report.suggestedFilename()).toBe('shop-endpoint-test.md');
  for (const canary of CANARIES) expect(await shown()).not.toContain(canary);
});

test('an endpoint is called with a connection, and its answer is not shown under another', async ({ page, context }) => {
  const headers = { 'Stepgate-Csrf': await signIn(stepgate, context) };
  const made = await page.request.post(`${stepgate.url}/api/connectors`, {
    headers: { ...headers, 'Content-Type': 'text/yaml' },
    data: definition('store'),
  });
  expect(made.ok(), await made.text()).toBe(true);
  const begun = await page.request.post(`${stepgate.url}/api/runs`, { headers, data: { connector: 'store' } });
  const { id } = (await begun.json()) as { id: string };
  const typed = { form1: { username: 'ana', password: 'typed-canary' } };
  const signedIn = await page.request.post(`${stepgate.url}/api/runs/${id}/answers`, { headers, data: typed });
  expect(await signedIn.json()).toMatchObject({ state: 'signed_in' });
  await page.goto(`${stepgate.url}/connectors/store`);
  const { pane } = await TestPane.open(page);
  const choose = async (what: string) => {
    await pane.getByRole('combobox', { name: 'Test', exact: true }).click();
    await page.getByRole('option', { name: what }).click();
  };
  await choose('Endpoint order');
  await pane.getByRole('textbox', { name: 'id', exact: true }).fill('7');
  await pane.getByRole('button', { name: 'Call', exact: true }).click();
  await expect(pane.getByRole('region', { name: 'Answer', exact: true })).toContainText('Ana');
  await choose('Endpoint me');
  await expect(pane.getByRole('button', { name: 'Call', exact: true })).toBeVisible();
  await expect(pane.getByRole('region', { name: 'Answer', exact: true })).toHaveCount(0);
});
