// Attacks on a builder's browser, by their numbers in SECURITY.md: the builder's pages as the users' are tried in `screen/`.

import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test, type Browser, type Page } from '@playwright/test';
import { makeAdmin, signIn } from './account.ts';
import { Hostile, hostile } from './hostile.ts';
import { serve, type Stepgate } from './stepgate.ts';
import { TestPane } from './testPane.ts';
import { byPage, CANARY, upstream, type Upstream } from './upstream.ts';
import { workspace, type Workspace } from './workspace.ts';

const COOKIE = '__Host-stepgate';

let stepgate: Stepgate;
let api: Upstream;
let harmful: Hostile;
let made: Workspace;
/** A second builder, who may be curious. */
const eve = { login: 'eve', password: 'a curious colleague' };

test.beforeAll(async () => {
  [stepgate, api, harmful] = await Promise.all([serve(), upstream(), Hostile.start()]);
  await makeAdmin(stepgate);
  made = await workspace(stepgate);
  await made.post('/api/people', { ...eve, role: 'builder' });
  await made.connector(byPage(api.url).replace('secrets: [client_secret]\n', '').replace('"{{secrets.client_secret}}"', 'not-kept'));
  await made.connector(hostile(harmful.url));
});
test.afterAll(async () => {
  await made.close();
  await Promise.all([stepgate.stop(), api.stop(), harmful.stop()]);
});

/** Another browser, in which the second builder is signed in. */
async function asEve(browser: Browser): Promise<Page> {
  const context = await browser.newContext();
  const answer = await context.request.post(`${stepgate.url}/api/session`, { data: eve });
  expect(answer.ok(), await answer.text()).toBe(true);
  return context.newPage();
}

/** A page at another site than the server's, as `localhost` is to `127.0.0.1`. */
async function evil(body: string): Promise<{ url: string; close: () => void }> {
  const server = createServer((_, response) =>
    response.writeHead(200, { 'content-type': 'text/html' }).end(`<!doctype html><title>evil</title>${body}`),
  );
  await new Promise<void>((listening) => server.listen(0, 'localhost', listening));
  return { url: `http://localhost:${(server.address() as AddressInfo).port}/`, close: () => server.close() };
}

/** Asks the API from within a page, with its cookies; the status and what was said, but for the number of the request. */
const ask = (page: Page, method: string, path: string, csrf?: string, body?: unknown) =>
  page.evaluate(
    async ([method, path, csrf, body]) => {
      const headers = { 'Content-Type': 'application/json', ...(csrf ? { 'Stepgate-Csrf': csrf } : {}) };
      const reply = await fetch(path, { method, headers, ...(body ? { body } : {}) });
      return { status: reply.status, text: (await reply.text()).replaceAll(/"request_id":"[^"]*"/g, '') };
    },
    [method, path, csrf ?? '', body === undefined ? '' : JSON.stringify(body)] as const,
  );

test('attack_3_a_test_run_is_finished_by_the_browser_of_its_builder_alone', async ({ page, context, browser }) => {
  await signIn(stepgate, context);
  await page.goto(`${stepgate.url}/connectors/calendar`);
  const pane = await TestPane.open(page);
  await pane.run('Auth flow');
  const opened = context.waitForEvent('page');
  await page.getByRole('link', { name: 'Open the page' }).click();
  const consent = await opened;
  const back = (await consent.getByRole('link', { name: 'Allow' }).getAttribute('href')) ?? '';
  expect(back).toContain('/callback/calendar');
  const theirs = await asEve(browser);
  expect((await theirs.goto(back))?.status()).toBeGreaterThanOrEqual(400);
  const nobody = await browser.newContext();
  expect((await (await nobody.newPage()).goto(back))?.status()).toBeGreaterThanOrEqual(400);
  await expect(pane.timeline).toContainText('Waiting for you');
  await consent.getByRole('link', { name: 'Allow' }).click();
  await pane.isComplete();
  await Promise.all([theirs.context().close(), nobody.close()]);
});

test('attack_12_markup_of_an_api_is_text_in_the_test_pane_and_its_report', async ({ page, context }) => {
  await signIn(stepgate, context);
  await page.goto(`${stepgate.url}/connectors/hostile`);
  const pane = await TestPane.open(page);
  await pane.run('Auth flow');
  await pane.answer({ Password: 'x' });
  const opened = context.waitForEvent('page');
  await page.getByRole('link', { name: 'Open the page' }).click();
  const told = await opened;
  await told.waitForLoadState();
  const save = pane.pane.getByRole('button', { name: 'Save a report without secrets' });
  await expect(save).toBeVisible();
  await pane.openAll();
  await expect(pane.pane.getByText('<img src=x').first()).toBeVisible();
  const [file] = await Promise.all([page.waitForEvent('download'), save.click()]);
  const isUnhurt = async (...pages: Page[]) => {
    for (const shown of pages) {
      expect(await shown.evaluate(() => 'hurt' in window)).toBe(false);
      await expect(shown.locator('img[src=x]')).toHaveCount(0);
    }
  };
  await isUnhurt(page, told);
  // Whoever reads the report may have it shown as what Markdown makes of it, where HTML stands for itself but in code.
  const report = readFileSync(await file.path(), 'utf8');
  expect(report).toContain('<img src=x');
  expect(report.replaceAll(/```[^]*?\n```|`[^`\n]*`/g, '')).not.toMatch(/<(img|script)/);
  await page.goto(`${stepgate.url}/`);
  await expect(page.getByText('<img src=x').first()).toBeVisible();
  await isUnhurt(page);
  // Nor does markup run that gets into the page all the same.
  await page.evaluate(() => {
    document.body.insertAdjacentHTML('beforeend', '<img src=x onerror="window.hurt=1">');
    const script = document.createElement('script');
    script.textContent = 'window.hurt=1';
    document.body.append(script);
  });
  await expect(page.locator('img[src=x]')).toHaveCount(1);
  expect(await page.evaluate(() => 'hurt' in window)).toBe(false);
});

test('attack_16_the_builders_pages_stand_in_no_frame', async ({ page, context }) => {
  await signIn(stepgate, context);
  const site = await evil(`<iframe src="${stepgate.url}/connectors/calendar"></iframe>`);
  const refused = page.waitForEvent('console', (message) => message.text().includes('frame-ancestors'));
  await page.goto(site.url);
  await refused;
  await expect(page.frameLocator('iframe').getByRole('heading')).toHaveCount(0);
  site.close();
});

test('attack_55_a_builders_change_takes_a_token_of_this_very_session', async ({ page, context, browser }) => {
  const csrf = await signIn(stepgate, context);
  const theirs = await asEve(browser);
  await theirs.goto(stepgate.url);
  const { csrf: planted } = JSON.parse((await ask(theirs, 'GET', '/api/session')).text) as { csrf: string };
  await theirs.context().close();
  await page.goto(stepgate.url);
  const make = async (token: string) => (await ask(page, 'POST', '/api/apps', token, { name: 'planted', title: 'Planted', connectors: [] })).status;
  for (const token of ['', 'equal', planted]) {
    await page.evaluate((value) => void (document.cookie = `csrf=${value}; path=/`), token);
    expect(await make(token), token).toBe(403);
  }
  expect(await make(csrf)).toBeLessThan(300);
  // A form that another site sends along with this browser's cookies.
  const site = await evil(
    `<form method="post" enctype="text/plain" action="${stepgate.url}/api/apps"><input name='{"name":"sent","title":"' value='","connectors":[]}'><button>go</button></form>`,
  );
  await page.goto(site.url);
  const sent = page.waitForResponse((reply) => reply.url().endsWith('/api/apps'));
  await page.getByRole('button').click();
  expect((await sent).status()).toBeGreaterThanOrEqual(400);
  site.close();
  const { apps } = await (await context.request.get(`${stepgate.url}/api/apps`)).json() as { apps: { name: string }[] };
  expect(apps.map(({ name }) => name)).toEqual(['planted']);
});

test('attack_57_a_builders_session_cookie_is_out_of_reach_new_at_each_sign_in_and_nobodys_at_its_end', async ({ page, context }) => {
  const cookie = async () => (await context.cookies(stepgate.url)).find(({ name }) => name === COOKIE);
  const asWith = async (value: string) =>
    (await fetch(`${stepgate.url}/api/session`, { headers: { Cookie: `${COOKIE}=${value}` } })).status;
  await signIn(stepgate, context);
  const first = await cookie();
  expect(first).toMatchObject({ httpOnly: true, secure: true, sameSite: 'Lax', path: '/' });
  await page.goto(stepgate.url);
  await expect(page.getByRole('heading', { name: 'Connectors' })).toBeVisible();
  expect(await page.evaluate(() => document.cookie)).toBe('');
  // Signing in does not go on with a session that is there, be it one that somebody planted.
  const csrf = await signIn(stepgate, context);
  const second = (await cookie())?.value ?? '';
  expect(second).not.toBe(first?.value);
  expect(await asWith(second)).toBe(200);
  expect((await ask(page, 'DELETE', '/api/session', csrf)).status).toBeLessThan(300);
  expect(await cookie()).toBeUndefined();
  expect(await asWith(second)).toBe(401);
});

test('attack_62_a_test_run_of_another_builder_is_as_unknown_as_none', async ({ page, context, browser }) => {
  await signIn(stepgate, context);
  await page.goto(`${stepgate.url}/connectors/calendar`);
  const begun = page.waitForResponse((reply) => reply.url().endsWith('/api/test-runs'));
  const pane = await TestPane.open(page);
  await pane.run('Auth flow');
  const { id } = (await (await begun).json()) as { id: string };
  const theirs = await asEve(browser);
  await theirs.goto(stepgate.url);
  const { csrf } = JSON.parse((await ask(theirs, 'GET', '/api/session')).text) as { csrf: string };
  const none = `${id.slice(0, -4)}AAAA`;
  for (const [method, path, body] of [
    ['GET', (one: string) => `/api/test-runs/${one}`, undefined],
    ['GET', (one: string) => `/api/test-runs/${one}/report`, undefined],
    ['POST', (one: string) => `/api/test-runs/${one}/answers`, { form1: { password: 'x' } }],
    ['POST', (one: string) => `/api/test-runs/${one}/reveal`, { path: 'oauth.access_token' }],
    ['DELETE', (one: string) => `/api/test-runs/${one}`, undefined],
  ] as const) {
    const [real, unknown] = [await ask(theirs, method, path(id), csrf, body), await ask(theirs, method, path(none), csrf, body)];
    expect(real, `${method} ${path('ID')}`).toEqual(unknown);
    expect(real.status).toBe(404);
  }
  await expect(pane.timeline).toContainText('Waiting for you');
  await theirs.context().close();
});

test('attack_65_what_a_builder_types_into_a_password_comes_back_nowhere', async ({ page, context }) => {
  const replies: string[] = [];
  page.on('response', (reply) => void reply.text().then((text) => replies.push(text), () => undefined));
  await signIn(stepgate, context);
  await page.goto(`${stepgate.url}/connectors/hostile`);
  const pane = await TestPane.open(page);
  await pane.run('Auth flow');
  await pane.answer({ Password: `${CANARY}-typed` });
  await expect(page.getByRole('link', { name: 'Open the page' })).toBeVisible();
  await pane.openAll();
  const values = await page.locator('input, textarea').evaluateAll((all) => all.map((one) => (one as HTMLInputElement).value));
  expect(values.join('\n')).not.toContain(CANARY);
  expect(await page.content()).not.toContain(CANARY);
  await page.reload();
  await expect(page.getByRole('button', { name: 'Test', exact: true })).toBeVisible();
  expect(await page.content()).not.toContain(CANARY);
  expect(replies.join('\n')).not.toContain(CANARY);
});
