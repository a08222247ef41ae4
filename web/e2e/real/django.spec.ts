// Django's admin: a form login behind a CSRF cookie that changes at sign-in, built by clicking, and calls with double submit.

import { expect, test } from '@playwright/test';
import { makeAdmin, signIn } from '../account.ts';
import { serve, type Stepgate } from '../stepgate.ts';
import { TestPane } from '../testPane.ts';
import { publish, userEnters } from './app.ts';
import { Builder } from './builder.ts';
import { FIRST_START, LONG, Service } from './service.ts';

const [USER, PASSWORD] = ['alice', 'service-Pass1'];
const LOGIN = '{{base_url}}/admin/login/';

let stepgate: Stepgate;
let site: Service;

test.describe.configure({ mode: 'serial', timeout: LONG });
test.beforeAll(async () => {
  test.setTimeout(FIRST_START);
  [stepgate, site] = await Promise.all([serve(), Service.start('django-admin')]);
  await makeAdmin(stepgate);
});
test.afterAll(async () => {
  await Promise.all([stepgate.stop(), site.stop()]);
});
test.beforeEach(async ({ context }) => {
  await signIn(stepgate, context);
});

test('is built by clicking, and tested', async ({ page }) => {
  const builder = await Builder.make(page, stepgate.url, 'Admin', site.url);
  await builder.fill(builder.part('Connection'), 'Identity', '{{form1.username}}');
  await builder.fill(builder.part('Connection'), 'Label', '{{form1.username}}');
  const cookies = builder.part('Cookies');
  await cookies.getByRole('checkbox', { name: 'Forward all' }).check();
  const twice = cookies.getByRole('group', { name: 'Double submit', exact: true });
  await builder.fill(twice, 'Cookie', 'csrftoken');
  await builder.choose(twice, 'In', 'header');
  await builder.fill(twice, 'Name', 'X-CSRFToken');

  await builder.addStep('Auth flow', 'form', 'form1');
  const start = await builder.addStep('Auth flow', 'api_request', 'start');
  await builder.request(start, 'GET', LOGIN);
  const login = await builder.addStep('Auth flow', 'api_request', 'login');
  const sent = await builder.request(login, 'POST', LOGIN);
  await builder.body(sent, { username: '{{form1.username}}', password: '{{form1.password}}', next: '/admin/' });
  // A good sign-in is a redirect, a bad one the page again.
  await builder.more(login, 'Redirects');
  await builder.choose(login, 'Redirects', 'stop');
  await builder.condition(login.getByRole('group', { name: 'Expect', exact: true }), {
    value: '{{login.status}}',
    compared: '302',
    otherwise: 'The admin did not accept this name and password.',
  });
  await builder.more(login, 'On fail');
  await builder.fill(login.getByRole('group', { name: 'On fail', exact: true }), 'Back to', 'form1');

  const refresh = builder.part('Refresh flow');
  await refresh.getByRole('checkbox', { name: 'Same as the auth flow' }).check();
  await refresh.getByRole('checkbox', { name: 'Use stored credentials' }).check();
  await builder.endpoint('list_groups', 'GET', '{{base_url}}/api/groups/');
  const create = await builder.endpoint('create_group', 'POST', '{{base_url}}/api/groups/');
  await builder.body(create.getByRole('group', { name: 'Request', exact: true }), { name: '{{parameters.name}}' });
  await builder.parameters(create, 'name');
  await builder.save();

  const pane = await TestPane.open(page);
  await pane.run('Auth flow');
  await pane.answer({ 'User name': USER, Password: 'not-it' });
  await expect(pane.pane.getByRole('alert')).toContainText('The admin did not accept this name and password.');
  await pane.answer({ 'User name': USER, Password: PASSWORD });
  await pane.isComplete();
  await pane.run('Endpoint create_group', { name: 'tried' });
  await pane.isAsExpected();
});

test('is published and used: a write after the session’s end is renewed with the new cookie', async ({ page, browser }) => {
  const app = await publish(page, stepgate, 'Shop', 'Admin');
  const user = await browser.newContext();
  const screen = await userEnters(user, app, 'u1');
  await screen.getByRole('button', { name: 'Sign in: Admin' }).click();
  await screen.getByLabel('User name').fill(USER);
  await screen.getByRole('textbox', { name: 'Password' }).fill(PASSWORD);
  await screen.keyboard.press('Enter');
  await expect(screen.locator('.card[data-connector=admin]')).toContainText(`Signed in · ${USER}`);
  expect((await app.call('admin', 'create_group', { name: 'editors' })).status).toBe(201);
  await site.change('db.sqlite3', 'DELETE FROM django_session');
  const before = site.logged('POST /admin/login/');
  expect(await app.call('admin', 'create_group', { name: 'reviewers' })).toMatchObject({ status: 201, attempts: '2' });
  expect(site.logged('POST /admin/login/')).toBe(before + 1);
  const { body } = await app.proxy('admin', '/api/groups/');
  expect(JSON.stringify(body)).toContain('reviewers');
  await user.close();
});
