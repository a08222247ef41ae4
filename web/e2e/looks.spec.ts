// Every page of the builder as axe sees it, empty and filled, in light and in dark, wide and narrow; and as people do where
// pictures are asked for.

import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test, type Page } from '@playwright/test';
import { makeAdmin, signIn } from './account.ts';
import { expectAccessible } from './axe.ts';
import { picture } from './screens.ts';
import { serve, type Stepgate } from './stepgate.ts';
import { openAll, TestPane } from './testPane.ts';
import { byForm, byPage, PASSWORD, upstream, type Upstream } from './upstream.ts';
import { workspace, type Workspace } from './workspace.ts';

/** A page to look at. */
interface Look {
  path: string;
  /** What stands on it once all of it is there. */
  shows: string;
  /** What its pictures are called. */
  name: string;
  /** What is done on it before it is looked at. */
  first?: () => Promise<void>;
  /** What is done anew in each size, as it may hide what is looked at. */
  again?: () => Promise<void>;
}

let stepgate: Stepgate;
let api: Upstream;
let made: Workspace;

// Many pages, each looked at four times.
test.describe.configure({ mode: 'serial', timeout: 900_000 });
test.beforeAll(async () => {
  [stepgate, api] = await Promise.all([serve(), upstream()]);
  await makeAdmin(stepgate);
  made = await workspace(stepgate);
});
test.afterAll(async () => {
  await made.close();
  await Promise.all([stepgate.stop(), api.stop()]);
});

const example = (name: string) => readFileSync(resolve(import.meta.dirname, `../../examples/${name}.yaml`), 'utf8');

/** Goes to each page and looks at it wide and narrow: colours in both, what goes beyond the edge where it is narrow. */
async function walk(page: Page, looks: readonly Look[]): Promise<void> {
  for (const { path, shows, name, first, again } of looks) {
    await test.step(name, async () => {
      await page.setViewportSize({ width: 1440, height: 900 });
      await page.goto(stepgate.url + path);
      await expect(page.getByText(shows).first()).toBeVisible();
      await first?.();
      await again?.();
      await expectAccessible(page);
      await picture(page, name, again);
      await page.setViewportSize({ width: 390, height: 844 });
      await again?.();
      await expectAccessible(page);
      expect(await page.evaluate(() => document.documentElement.scrollWidth), name).toBeLessThanOrEqual(390);
    });
  }
}

test('while there is nothing yet', async ({ page, context }) => {
  await walk(page, [{ path: '/', shows: 'Sign in', name: 'sign-in' }]);
  await signIn(stepgate, context);
  await walk(page, [
    { path: '/', shows: 'No connector yet', name: 'connectors-empty' },
    { path: '/apps', shows: 'No app yet', name: 'apps-empty' },
    { path: '/connections', shows: 'Nobody is signed in yet', name: 'connections-empty' },
    { path: '/runs', shows: 'Nothing runs now', name: 'runs-empty' },
    { path: '/nowhere', shows: 'There is no page here', name: 'nowhere' },
    { path: '/connectors/nowhere', shows: 'Reference:', name: 'connector-unknown' },
    { path: '/apps/nowhere', shows: 'Reference:', name: 'app-unknown' },
  ]);
});

test('with connectors, an app, connections, runs and people', async ({ page, context }) => {
  await made.connector(byForm(api.url, 'wiki', 'Team wiki', 'user'));
  await made.connector(byPage(api.url));
  for (const name of ['mediawiki', 'django-admin', 'oidc-provider']) await made.connector(example(name));
  await made.post('/api/apps', { name: 'shop', title: 'Our shop', connectors: [{ connector: 'wiki' }, { connector: 'mediawiki' }] });
  const { key } = await made.post<{ key: string }>('/api/apps/shop/keys');
  await made.post('/api/people', { login: 'bo', password: 'battery staple horse', role: 'builder' });
  const user = await made.asApp(key, 'u1');
  const run = (await (await user.post('/api/runs', { data: { connector: 'wiki' } })).json()) as { id: string };
  await user.post(`/api/runs/${run.id}/answers`, { data: { form1: { user: 'uma', password: PASSWORD } } });
  const { connections } = (await (await user.get('/api/connections')).json()) as { connections: { id: string }[] };
  await (await made.asApp(key, 'u2')).post('/api/runs', { data: { connector: 'mediawiki' } });
  await signIn(stepgate, context);
  const timeline = page.getByRole('list', { name: 'Timeline' });
  await walk(page, [
    { path: '/', shows: 'Team wiki', name: 'connectors' },
    {
      path: '/connectors/mediawiki',
      shows: 'Auth flow',
      name: 'editor',
      async first() {
        await page.getByRole('navigation', { name: 'Parts of the definition' }).getByText('Auth flow').click();
        await page.getByRole('region', { name: 'Step 2: start' }).getByRole('button', { expanded: false }).first().click();
      },
    },
    {
      path: '/connectors/wiki',
      shows: 'Auth flow',
      name: 'test',
      async first() {
        const pane = await TestPane.open(page);
        await pane.run('Auth flow');
        await pane.answer({ 'User name': 'ana', Password: PASSWORD });
        await pane.isComplete();
      },
      async again() {
        await page.getByRole('button', { name: 'Test', exact: true }).click();
        await openAll(timeline);
      },
    },
    { path: '/connectors/calendar/secrets', shows: 'client_secret', name: 'secrets' },
    { path: '/apps', shows: 'Our shop', name: 'apps' },
    { path: '/apps/shop', shows: 'Our shop', name: 'app' },
    { path: '/connections', shows: 'uma', name: 'connections' },
    { path: `/connections/${connections[0]?.id ?? ''}`, shows: 'uma', name: 'connection' },
    { path: '/runs', shows: 'u2 of shop', name: 'runs' },
    {
      path: '/runs',
      shows: 'Test of the auth flow',
      name: 'run',
      async first() {
        await page.getByRole('link', { name: 'Test of the auth flow' }).click();
        await openAll(timeline);
      },
    },
    { path: '/people', shows: 'bo', name: 'people' },
    { path: '/settings', shows: 'All are served as they are written.', name: 'settings' },
    { path: '/account', shows: 'This one', name: 'account' },
  ]);
});
