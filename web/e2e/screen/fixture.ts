// What each spec of the screen begins with: a server with its APIs for the file, a user of its own for each test.

import { expect, type Page, test as base } from '@playwright/test';
import { Host } from './host.ts';
import { CODE, PASSWORD } from './upstreams.ts';
import { World } from './world.ts';

/** An origin of the app that no test opens a page of. */
export const ORIGIN = 'http://127.0.0.1:9';
/** Where the screen leads back to. */
export const RETURN_TO = `${ORIGIN}/done`;

interface ForTests {
  /** A user that no other test has. */
  user: string;
  /** Opens the screen as who comes from the app. */
  enter: (page: Page, more?: Record<string, string>) => Promise<void>;
}

interface ForWorkers {
  world: World;
  host: Host;
}

export const test = base.extend<ForTests, ForWorkers>({
  world: [
    // Playwright reads from the pattern what a fixture needs.
    // eslint-disable-next-line no-empty-pattern
    async ({}, use) => {
      const world = await World.start({ origins: [ORIGIN], returnTo: [RETURN_TO] });
      await use(world);
      await world.stop();
    },
    { scope: 'worker' },
  ],
  host: [
    // eslint-disable-next-line no-empty-pattern
    async ({}, use) => {
      const host = await Host.start();
      await use(host);
      await host.stop();
    },
    { scope: 'worker' },
  ],
  // eslint-disable-next-line no-empty-pattern
  user: async ({}, use, info) => {
    await use(`user-${info.testId.slice(-12)}-${info.retry}`);
  },
  enter: async ({ world, user }, use) => {
    await use(async (page, more = {}) => {
      await page.goto(await world.link(user, { return_to: RETURN_TO, ...more }), { referer: `${ORIGIN}/` });
      await expect(page.locator('.list')).toBeVisible();
    });
  },
});

/** The card of a connector. */
export const card = (page: Page, connector: string) => page.locator(`.card[data-connector="${connector}"]`);
/** The dialog over the list. */
export const dialog = (page: Page) => page.getByRole('dialog');

/** Fills in the wiki's form, which is open. */
export async function fill(page: Page, user = 'ana', password = PASSWORD): Promise<void> {
  await page.getByLabel('User name').fill(user);
  await page.getByRole('textbox', { name: 'Password' }).fill(password);
  await page.getByRole('button', { name: 'Continue', exact: true }).click();
}

export { CODE, expect, PASSWORD };
