// oidc-provider: OAuth 2.0 with PKCE in a window, built by clicking, its token renewed after its end.

import { expect, test, type Page } from '@playwright/test';
import { makeAdmin, signIn } from '../account.ts';
import { serve, type Stepgate } from '../stepgate.ts';
import { TestPane } from '../testPane.ts';
import { publish, userEnters } from './app.ts';
import { Builder } from './builder.ts';
import { FIRST_START, LONG, Service } from './service.ts';

/** How long a token lives, in seconds. */
const LIFE = 5;



let stepgate: Stepgate;
let provider: Service;

test.describe.configure({ mode: 'serial', timeout: LONG });
test.beforeAll(async () => {
  test.setTimeout(FIRST_START);
  const settings = { ACCESS_SECONDS: String(LIFE), REDIRECT_URIS: 'http://127.0.0.1/callback/identity' };
  [stepgate, provider] = await Promise.all([serve(), Service.start('oidc-provider', settings)]);
  await makeAdmin(stepgate);
});
test.afterAll(async () => {
  await Promise.all([stepgate.stop(), provider.stop()]);
});
test.beforeEach(async ({ context }) => {
  await signIn(stepgate, context);
});

/** Signs in on the provider's own pages, and consents. */
async function consent(page: Page): Promise<void> {
  await page.locator('input[name=login]').fill('alice');
  await page.locator('input[name=password]').fill('any');
  await page.locator('button[type=submit]').click();
  await page.locator('input[name=prompt][value=consent]').waitFor({ state: 'attached' });
  await page.locator('button[type=submit]').click();
}

/** Whether every token that was given out is over; the provider's log has their ends. */
function areOver(): boolean {
  const ends = [...provider.log().matchAll(/granted \w+ until (\d+)/g)].map(([, end]) => Number(end));
  return ends.length > 0 && ends.every((end) => end < Date.now() / 1000 - 0.5);
}

test('is built by clicking, and tested in a window of its own', async ({ page, context }) => {
  const builder = await Builder.make(page, stepgate.url, 'Identity', provider.url);
  await builder.part('Variables and secrets').getByRole('button', { name: 'Add secret' }).click();
  await builder.fill(builder.part('Variables and secrets'), 'secret 1', 'client_secret');
  const tokens = await builder.addStep('Auth flow', 'oauth2_pkce', 'tokens');
  await builder.fill(tokens, 'Authorization URL', '');
  await builder.fill(tokens, 'Token URL', '');
  await builder.more(tokens, 'Issuer');
  await builder.fill(tokens, 'Issuer', '{{base_url}}');
  await builder.fill(tokens, 'Client ID', 'web');
  await builder.more(tokens, 'Client secret');
  await builder.fill(tokens, 'Client secret', '{{secrets.client_secret}}');
  await builder.fill(tokens, 'Scope', 'openid offline_access api:read');
  await builder.more(tokens, 'Authorization parameters');
  await builder.pairs(tokens.getByRole('group', { name: 'Authorization parameters', exact: true }), 'authorization parameter', {
    prompt: 'consent',
  });
  const renew = await builder.addStep('Refresh flow', 'oauth2_refresh', 'renew');
  await builder.fill(renew, 'Of', 'tokens');
  await builder.fill(builder.part('Session'), 'Expires in', '{{tokens.expires_in}}');
  await builder.requestParameter('header', 'Authorization', 'Bearer {{tokens.access_token}}');
  const proof = builder.part('Test API');
  await proof.getByRole('button', { name: 'Add a test API' }).click();
  await builder.fill(proof, 'URL', '{{base_url}}/api/whoami');
  await builder.endpoint('who_am_i', 'GET', '{{base_url}}/api/whoami');
  await builder.save();

  await page.goto(`${stepgate.url}/connectors/identity/secrets`);
  await page.getByRole('button', { name: 'Set client_secret' }).click();
  await page.getByRole('dialog').getByLabel('Value').fill('web-secret');
  await page.getByRole('dialog').getByRole('button', { name: 'Set' }).click();
  await expect(page.getByRole('row', { name: /client_secret/ })).toContainText('Set');
  await page.goto(`${stepgate.url}/connectors/identity`);
  const pane = await TestPane.open(page);
  await pane.run('Auth flow');
  const opened = context.waitForEvent('page');
  await page.getByRole('link', { name: 'Open the page' }).click();
  await consent(await opened);
  await pane.isComplete();
  // A bad token is sent first, and the renewal puts a good one in its place.
  await pane.run('Refresh flow');
  await pane.isAsExpected();
  await expect(pane.timeline).toContainText(/A call with a bad token.*GET 401.*The refresh flow.*POST 200.*The call.*GET 200/);
  await pane.run('Endpoint who_am_i');
  await pane.isAsExpected();
});

test('is published and used: a user signs in in a window, and the token is renewed after its end', async ({ page, browser }) => {
  const app = await publish(page, stepgate, 'Shop', 'Identity');
  const user = await browser.newContext();
  const screen = await userEnters(user, app, 'u1');
  const opened = screen.waitForEvent('popup');
  await screen.getByRole('button', { name: 'Sign in: Identity' }).click();
  await consent(await opened);
  await expect(screen.locator('.card[data-connector=identity]')).toContainText('Signed in');
  const who = { status: 200, body: { sub: 'alice', client: 'web' } };
  expect(await app.call('identity', 'who_am_i')).toMatchObject(who);
  // The provider logs a grant some time after it has answered.
  await expect.poll(() => provider.logged('granted authorization_code')).toBe(2);
  await expect.poll(areOver, { timeout: 60_000 }).toBe(true);
  const before = provider.logged('granted refresh_token');
  expect(await app.call('identity', 'who_am_i')).toMatchObject(who);
  await expect.poll(() => provider.logged('granted refresh_token')).toBe(before + 1);
  await user.close();
});
