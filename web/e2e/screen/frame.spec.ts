// The screen in a frame of an app on another site, where browsers send no ordinary cookies.

import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, PASSWORD, test } from './fixture.ts';
import { World } from './world.ts';

let world: World;
let app: Server;
let origin: string;

test.beforeAll(async () => {
  // Another site than the server's, as `localhost` is to `127.0.0.1`.
  app = createServer((_, response) => void response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><title>app</title>'));
  await new Promise<void>((resolve) => app.listen(0, 'localhost', resolve));
  origin = `http://localhost:${(app.address() as AddressInfo).port}`;
  world = await World.start({ origins: [origin] });
});

test.afterAll(async () => {
  app.close();
  await world.stop();
});

test('signs in by a cookie that is good in this frame alone', async ({ page, context }) => {
  const link = `${await world.link('ana')}&host=${encodeURIComponent(origin)}`;
  await page.goto(origin);
  await page.evaluate((src) => {
    const told: unknown[] = [];
    Object.assign(window, { told });
    addEventListener('message', (event) => told.push([event.origin, event.data]));
    const frame = document.createElement('iframe');
    frame.src = src;
    document.body.append(frame);
  }, link);
  const frame = page.frameLocator('iframe');
  await frame.locator('.card[data-connector=wiki]').getByRole('button', { name: 'Sign in' }).click();
  await frame.getByLabel('User name').fill('ana');
  await frame.getByRole('textbox', { name: 'Password' }).fill(PASSWORD);
  await frame.getByRole('button', { name: 'Continue', exact: true }).click();
  await expect(frame.locator('.card[data-connector=wiki]')).toContainText('Signed in · ana');
  expect(await page.evaluate(() => (window as unknown as { told: unknown[] }).told)).toEqual([
    [world.url, { stepgate: 1, kind: 'here' }],
    [world.url, { stepgate: 1, kind: 'changed' }],
  ]);
  const cookies = (await context.cookies()).filter(({ name }) => name.startsWith('__Host-stepgate'));
  for (const cookie of cookies) {
    expect(cookie).toMatchObject({ sameSite: 'None', secure: true, httpOnly: true });
  }
  // Outside of the frame it is nobody's.
  await page.goto(`${world.url}/auth/shop`);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('This link has ended');
});
