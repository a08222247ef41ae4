// Values of an API that must never reach a builder's browser are looked for in all that it has: storage, databases, cookies,
// page, console, and the text of every reply, on the way through a sign-in, tests, calls, connections and a report.

import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test, type Page } from '@playwright/test';
import { makeAdmin, signIn } from './account.ts';
import { serve, type Stepgate } from './stepgate.ts';
import { TestPane } from './testPane.ts';
import { workspace, type Workspace } from './workspace.ts';

/** What each of them begins with. */
const CANARY = 'canary-9b3e';
const PASSWORD = `${CANARY}-password`;
const SECRET = `${CANARY}-client-secret`;

let stepgate: Stepgate;
let api: Server;
let made: Workspace;

test.beforeAll(async () => {
  stepgate = await serve();
  await makeAdmin(stepgate);
  made = await workspace(stepgate);
  let count = 0;
  // A token, a cookie and a token in a header at sign-in; a new token at each renewal.
  api = createServer((request, response) => {
    count += 1;
    const isKnown = (request.headers.authorization ?? '').includes(`${CANARY}-access`);
    const [status, body]: [number, unknown] =
      request.url === '/me' ? [isKnown ? 200 : 401, { name: 'Ana' }] : [200, { token: `${CANARY}-access-${count}`, renew: `${CANARY}-renew-${count}`, user: 'ana' }];
    const headers = { 'content-type': 'application/json', 'set-cookie': `sid=${CANARY}-cookie-${count}; Path=/`, 'x-token': `${CANARY}-header-${count}` };
    response.writeHead(status, request.url === '/me' ? { 'content-type': 'application/json' } : headers).end(JSON.stringify(body));
  });
  await new Promise<void>((listening) => api.listen(0, '127.0.0.1', listening));
  await made.connector(definition(`http://127.0.0.1:${(api.address() as AddressInfo).port}`));
});
test.afterAll(async () => {
  await made.close();
  api.closeAllConnections();
  api.close();
  await stepgate.stop();
});

const definition = (url: string) => `stepgate: 1
connector: shop
title: Shop
base_url: ${url}
connection: { owner: shared, identity: "{{login.body.user}}", label: "{{login.body.user}}" }
cookies: { forward_all: true }
secrets: [client_secret]
auth_flow:
  steps:
    - id: form1
      kind: form
      title: Sign in to the shop
      fields: [{ key: username, type: text, label: User name }, { key: password, type: password, label: Password }]
    - id: login
      kind: api_request
      request: { method: POST, url: "{{base_url}}/login", form: { user: "{{form1.username}}", pass: "{{form1.password}}", secret: "{{secrets.client_secret}}" } }
      extract: { other: { header: x-token } }
refresh_flow:
  steps:
    - { id: renew, kind: api_request, request: { method: POST, url: "{{base_url}}/renew", json: { token: "{{login.body.renew}}" } } }
  update_variables: { login.body.token: "{{renew.body.token}}", login.body.renew: "{{renew.body.renew}}" }
request_parameters:
  - { in: header, name: Authorization, value: "Bearer {{login.body.token}}" }
  - { in: header, name: X-Other, value: "{{login.other}}" }
test_api: { name: Who am I, request: { method: GET, url: "{{base_url}}/me" }, expect: { value: "{{response.status}}", equals: 200 } }
endpoints: [{ name: me, request: { method: GET, url: "{{base_url}}/me" } }]
`;

/** Looks for canaries in whatever the page has, until the end of the test. */
function watch(page: Page): { found: string[]; settle: () => Promise<void> } {
  const found: string[] = [];
  const open: Promise<unknown>[] = [];
  const look = (where: string, text: string) => {
    const at = text.indexOf(CANARY);
    if (at >= 0) found.push(`${where}: …${text.slice(Math.max(0, at - 60), at + 60)}…`);
  };
  page.on('console', (message) => look('console', message.text()));
  page.on('response', (reply) => {
    look(`headers of ${reply.url()}`, JSON.stringify(reply.headers()));
    // A stream of events is read where the page has it; it has no end to wait for here.
    if (reply.headers()['content-type']?.startsWith('text/event-stream')) return;
    open.push(reply.text().then((text) => look(reply.url(), text), () => undefined));
  });
  return {
    found,
    async settle() {
      await Promise.all(open);
      look('page', await page.content());
      const values = await page.locator('input, textarea').evaluateAll((all) => all.map((one) => (one as HTMLInputElement).value));
      look('fields', values.join('\\n'));
      const cookies = await page.context().cookies();
      look('cookies', JSON.stringify(cookies));
      const stored = await page.evaluate(async () => ({
        local: Object.entries(localStorage),
        session: Object.entries(sessionStorage),
        databases: (await indexedDB.databases()).map(({ name }) => name),
        caches: await caches.keys(),
      }));
      look('storage', JSON.stringify(stored));
      // The session's has how far each page was scrolled, and nothing else.
      expect(stored).toMatchObject({ local: [], databases: [], caches: [] });
    },
  };
}

test('no token, password, cookie or secret of an API is found in a builder’s browser', async ({ page, context }) => {
  await signIn(stepgate, context);
  await context.addInitScript(() => {
    // What a stream of events says is said on the console too, where it is looked for.
    // eslint-disable-next-line @typescript-eslint/unbound-method
    const listen = EventSource.prototype.addEventListener;
    EventSource.prototype.addEventListener = function (this: EventSource, kind: string, heard: EventListener) {
      listen.call(this, kind, (event) => console.log((event as MessageEvent).data));
      listen.call(this, kind, heard);
    } as typeof listen;
  });
  const watched = watch(page);

  await page.goto(`${stepgate.url}/connectors/shop/secrets`);
  await page.getByRole('button', { name: 'Set client_secret' }).click();
  await page.getByRole('dialog').getByLabel('Value').fill(SECRET);
  await page.getByRole('dialog').getByRole('button', { name: 'Set' }).click();
  await expect(page.getByRole('row', { name: /client_secret/ })).toContainText('Set');
  await watched.settle();

  await page.goto(`${stepgate.url}/connectors/shop`);
  const pane = await TestPane.open(page);
  await pane.run('Auth flow');
  await pane.answer({ 'User name': 'ana', Password: PASSWORD });
  await pane.isComplete();
  await pane.openAll();
  await watched.settle();
  await pane.run('Refresh flow');
  await expect(pane.timeline).toContainText('login.body.token has a new value.');
  await pane.run('Endpoint me');
  await pane.isAsExpected();
  await pane.openAll();
  const [report] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Save a report without secrets' }).click(),
  ]);
  expect(readFileSync(await report.path(), 'utf8')).not.toContain(CANARY);
  await watched.settle();

  await page.goto(`${stepgate.url}/connections`);
  await page.getByRole('button', { name: 'Sign in to a connector' }).click();
  await page.getByRole('dialog').getByRole('combobox', { name: 'Connector' }).click();
  await page.getByRole('option', { name: 'Shop' }).click();
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  const dialog = page.getByRole('dialog', { name: 'Sign in to Shop' });
  await dialog.getByLabel('User name').fill('ana');
  await dialog.getByRole('textbox', { name: 'Password' }).fill(PASSWORD);
  await dialog.getByRole('button', { name: 'Continue' }).click();
  await dialog.getByRole('button', { name: 'Done' }).click();
  await page.getByRole('link', { name: 'ana' }).click();
  await page.getByRole('button', { name: 'Test' }).click();
  await expect(page.getByText('It works: “Who am I” answered 200.').first()).toBeVisible();
  await page.getByRole('button', { name: 'Renew now' }).click();
  await expect(page.getByText('Renewed.').first()).toBeVisible();
  await watched.settle();
  expect(watched.found).toEqual([]);
});
