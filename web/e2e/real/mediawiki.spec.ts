// MediaWiki, from nothing to a renewed call: built by clicking, tested, published, signed in to by a user, called after the
// wiki has forgotten the session.

import { expect, test, type Page } from '@playwright/test';
import { makeAdmin, signIn } from '../account.ts';
import { serve, type Stepgate } from '../stepgate.ts';
import { publish, userEnters } from './app.ts';
import { Builder } from './builder.ts';
import { FIRST_START, LONG, Service } from './service.ts';
import { TestPane } from '../testPane.ts';

const [USER, PASSWORD] = ['Alice', 'service-Pass1'];
const API = '{{base_url}}/api.php';
const JSON_2 = { format: 'json', formatversion: '2' };

let stepgate: Stepgate;
let wiki: Service;

test.describe.configure({ mode: 'serial', timeout: LONG });
test.beforeAll(async () => {
  test.setTimeout(FIRST_START);
  [stepgate, wiki] = await Promise.all([serve(), Service.start('mediawiki')]);
  await makeAdmin(stepgate);
});
test.afterAll(async () => {
  await Promise.all([stepgate.stop(), wiki.stop()]);
});
test.beforeEach(async ({ context }) => {
  await signIn(stepgate, context);
});

/** What happens when an administrator of the wiki signs everybody out. */
const expire = () =>
  Promise.all([
    wiki.change('db/wikicache.sqlite', 'DELETE FROM objectcache'),
    // Another token each time: a cookie that holds the one before would bring the session back.
    wiki.change('db/my_wiki.sqlite', 'UPDATE user SET user_token = lower(hex(randomblob(16)))'),
  ]);

async function build(page: Page): Promise<Builder> {
  const builder = await Builder.make(page, stepgate.url, 'Team wiki', wiki.url);
  const connection = builder.part('Connection');
  await builder.fill(connection, 'Identity', '{{login.body.login.lguserid}}');
  await builder.fill(connection, 'Label', '{{login.body.login.lgusername}}');
  await builder.part('Cookies').getByRole('checkbox', { name: 'Forward all' }).check();

  // The form step begins with a user name and a password.
  const form = await builder.addStep('Auth flow', 'form', 'form1');
  await builder.fill(form, 'Title', 'Sign in to the wiki');

  const start = await builder.addStep('Auth flow', 'api_request', 'start');
  await builder.request(start, 'GET', API, { action: 'query', meta: 'tokens', type: 'login', ...JSON_2 });
  await builder.extract(start, 'logintoken', 'JSON', '$.query.tokens.logintoken');

  const login = await builder.addStep('Auth flow', 'api_request', 'login');
  const sent = await builder.request(login, 'POST', API, { action: 'login', ...JSON_2 });
  await builder.body(sent, { lgname: '{{form1.username}}', lgpassword: '{{form1.password}}', lgtoken: '{{start.logintoken}}' });
  await builder.condition(login.getByRole('group', { name: 'Expect', exact: true }), {
    value: '{{login.body.login.result}}',
    compared: 'Success',
    otherwise: 'The wiki did not accept this name and password.',
  });

  const csrf = await builder.addStep('Auth flow', 'api_request', 'csrf');
  await builder.request(csrf, 'GET', API, { action: 'query', meta: 'tokens', type: 'csrf', ...JSON_2 });
  await builder.extract(csrf, 'token', 'JSON', '$.query.tokens.csrftoken');

  await builder.condition(
    builder.part('Session').getByRole('group', { name: 'Over when', exact: true }),
    { value: '{{response.body.error.code}}', test: 'is one of', compared: 'assertuserfailed, readapidenied, badtoken' },
    { value: '{{response.body.error}}', compared: 'rest-read-denied' },
  );

  await builder.requestParameter('query', 'format', 'json');
  await builder.requestParameter('query', 'formatversion', "'2'");
  await builder.requestParameter('query', 'assert', 'user');
  const token = await builder.requestParameter('body', 'token', '{{csrf.token}}');
  await builder.more(token, 'When');
  await builder.condition(token.getByRole('group', { name: 'When', exact: true }), { value: '{{request.method}}', compared: 'POST' });
  return builder;
}

test('is built by clicking, with a refresh flow that is pasted from the auth flow', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const builder = await build(page);

  // The steps that need no person do again for the refresh: copied one by one, they read each other there.
  const refresh = builder.part('Refresh flow');
  await refresh.getByRole('checkbox', { name: 'Use stored credentials' }).check();
  for (const [id, there] of [['start', 'start2'], ['login', 'login2'], ['csrf', 'csrf2']] as const) {
    await page.getByRole('button', { name: `What can be done with ${id}`, exact: true }).click();
    await page.getByRole('menuitem', { name: 'Copy as YAML' }).click();
    await refresh.getByRole('button', { name: 'Paste' }).click();
    await expect(builder.step(there)).toBeVisible();
  }
  // Pasted alone, a step still reads what it read where it came from.
  const again = builder.step('login2').getByRole('group', { name: 'Form', exact: true });
  await builder.fill(again, 'Value of lgtoken', '{{start2.logintoken}}');
  await refresh.getByRole('button', { name: 'Add update' }).click();
  const target = refresh.getByLabel('Auth flow output 1', { exact: true }).first();
  await target.fill('csrf.token');
  await target.blur();
  await builder.fill(refresh, 'What csrf.token becomes', '{{csrf2.token}}');

  // A test API begins with what the form asks for, but for the password; this one asks who it is.
  const proof = builder.part('Test API');
  await proof.getByRole('button', { name: 'Add a test API' }).click();
  await builder.fill(proof, 'Name', 'Who am I');
  await builder.fill(proof, 'URL', API);
  const query = proof.getByRole('group', { name: 'Parameters', exact: true });
  await expect(query.getByLabel('Value of username')).toHaveValue('{{form1.username}}');
  await expect(query.getByLabel('Value of password')).toHaveCount(0);
  await query.getByRole('button', { name: 'Remove username' }).click();
  await builder.pairs(query, 'query', { action: 'query', meta: 'userinfo' });
  const expected = proof.getByRole('group', { name: 'Expect', exact: true });
  await builder.fill(expected, 'Value', '{{response.body.query.userinfo.id}}');
  await builder.choose(expected, 'Test', 'is greater than');
  await builder.fill(expected, 'Compared with', '0');

  await builder.endpoint('who_am_i', 'GET', API, { action: 'query', meta: 'userinfo' });
  const edit = await builder.endpoint('edit_page', 'POST', API, { action: 'edit' });
  await builder.body(edit.getByRole('group', { name: 'Request', exact: true }), {
    title: '{{parameters.title}}',
    text: '{{parameters.text}}',
  });
  await builder.parameters(edit, 'title', 'text');
  await builder.save();

  const pane = await TestPane.open(page);
  await pane.run('Auth flow');
  await pane.answer({ 'User name': USER, Password: 'not-it' });
  await expect(page.getByRole('alert').filter({ hasText: 'The wiki did not accept this name and password.' })).toBeVisible();
  await pane.run('Auth flow');
  await pane.answer({ 'User name': USER, Password: PASSWORD });
  await pane.isComplete();
  await pane.run('Test API');
  await pane.isAsExpected();
  await pane.run('Refresh flow');
  await expect(pane.timeline).toContainText('csrf.token');
  await pane.run('Endpoint edit_page', { title: 'Built', text: 'By clicking' });
  await pane.isAsExpected();
  expect(await page.locator('body').innerText()).not.toContain(PASSWORD);
});

test('is published and used: calls go on after the wiki has signed everybody out', async ({ page, browser }) => {
  const app = await publish(page, stepgate, 'Shop', 'Team wiki');
  expect((await app.call('team-wiki', 'who_am_i')).status).toBe(409);

  const user = await browser.newContext();
  const screen = await userEnters(user, app, 'u1');
  await screen.getByRole('button', { name: 'Sign in: Team wiki' }).click();
  await screen.getByLabel('User name').fill(USER);
  await screen.getByRole('textbox', { name: 'Password' }).fill(PASSWORD);
  await screen.keyboard.press('Enter');
  await expect(screen.locator('.card[data-connector=team-wiki]')).toContainText(`Signed in · ${USER}`);

  const who = await app.call('team-wiki', 'who_am_i');
  expect(who).toMatchObject({ status: 200, body: { query: { userinfo: { name: USER } } } });
  const page1 = { title: 'Used', text: 'Once' };
  expect(await app.call('team-wiki', 'edit_page', page1)).toMatchObject({ status: 200, body: { edit: { result: 'Success' } } });
  expect(await app.proxy('team-wiki', '/rest.php/v1/page/Used')).toMatchObject({ status: 200, body: { source: 'Once' } });

  for (const [text, call] of [
    ['Twice', () => app.call('team-wiki', 'edit_page', { title: 'Used', text: 'Twice' })],
    ['Twice', () => app.proxy('team-wiki', '/rest.php/v1/page/Used')],
  ] as const) {
    await expire();
    const before = wiki.logged('action=login');
    const { status, attempts } = await call();
    expect({ status, attempts }, wiki.log()).toEqual({ status: 200, attempts: '2' });
    expect(wiki.logged('action=login')).toBeGreaterThan(before);
    expect(await app.proxy('team-wiki', '/rest.php/v1/page/Used')).toMatchObject({ body: { source: text } });
  }
  await screen.reload();
  await expect(screen.locator('.card[data-connector=team-wiki]')).toContainText(`Signed in · ${USER}`);
  await user.close();
});
