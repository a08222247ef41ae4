// A value that must never reach the browser is looked for in all that it has: storage, DOM, console, replies, messages.

import { card, expect, fill, PASSWORD, test } from './fixture.ts';
import { CANARY } from './upstreams.ts';

test('no token, password or cookie of an API is found in the browser', async ({ page, context, host, user }) => {
  const found: string[] = [];
  const look = (where: string, text: string) => {
    if (text.includes(CANARY)) {
      found.push(`${where}: ${text.slice(0, 400)}`);
    }
  };
  context.on('console', (message) => look('console', message.text()));
  context.on('response', (reply) => {
    // What an API's page and its redirect say to the browser is theirs: a code, which is good for this one sign-in.
    if (reply.url().startsWith(host.world.drive.upstream.origin)) {
      return;
    }
    look('headers', JSON.stringify(reply.headers()));
    reply
      .text()
      .then((text) => look(reply.url(), text))
      .catch(() => undefined);
  });
  await context.addInitScript(() => {
    addEventListener('message', (event) => console.log('message', JSON.stringify(event.data)));
  });
  await context.addCookies([{ name: 'user', value: user, url: host.url, httpOnly: true }]);
  await page.goto(host.url);
  await page.getByRole('button', { name: 'Load all widgets' }).click();
  const opened = page.waitForEvent('popup');
  await page.getByRole('dialog').getByRole('button', { name: 'Sign in' }).click();
  await fill(await opened, 'ana', PASSWORD);
  await expect(page.getByText(/Widget \d+: 200/)).toHaveCount(10);

  await page.getByRole('button', { name: 'Go there and come back' }).click();
  const phone = page.waitForEvent('popup');
  await card(page, 'drive').getByRole('button', { name: 'Sign in' }).click();
  await (await phone).getByRole('button', { name: 'Allow' }).click();
  await expect(card(page, 'drive')).toContainText('Signed in');
  look('DOM', await page.content());
  const storage = () =>
    page.evaluate(async () => ({
      local: Object.entries(localStorage),
      session: Object.entries(sessionStorage),
      cookies: document.cookie,
      databases: (await indexedDB.databases()).map(({ name }) => name),
      caches: await caches.keys(),
    }));
  expect(await storage()).toEqual({ local: [], session: [], cookies: '', databases: [], caches: [] });
  await page.getByRole('link', { name: 'Continue to shop' }).click();
  await expect(page.locator('#outcome')).toHaveText('done: ready');
  look('DOM', await page.content());
  const jar = (await context.cookies()).filter(({ value }) => value.includes(CANARY));
  expect(jar).toEqual([]);
  expect(found).toEqual([]);
});
