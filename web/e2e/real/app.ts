// An app that publishes a connector, made by clicking, and used as its backend and its users do.

import { expect, type BrowserContext, type Page } from '@playwright/test';
import type { Stepgate } from '../stepgate.ts';

/** What a call came to. */
export interface Answer {
  status: number;
  /** How often it was sent. */
  attempts: string | null;
  body: unknown;
}

/** The app as its backend uses it, for one user. */
export class App {
  constructor(
    readonly url: string,
    readonly name: string,
    readonly key: string,
    readonly user = 'u1',
  ) {}

  call(connector: string, endpoint: string, parameters: Record<string, unknown> = {}): Promise<Answer> {
    return this.ask('POST', `/call/${connector}/${endpoint}`, { parameters });
  }

  proxy(connector: string, path: string): Promise<Answer> {
    return this.ask('GET', `/proxy/${connector}${path}`);
  }

  async ask(method: string, path: string, body?: unknown): Promise<Answer> {
    const reply = await fetch(this.url + path, {
      method,
      headers: {
        'stepgate-key': this.key,
        'stepgate-user': this.user,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await reply.text();
    return {
      status: reply.status,
      attempts: reply.headers.get('stepgate-attempts'),
      body: reply.headers.get('content-type')?.includes('json') ? JSON.parse(text) : text,
    };
  }
}

/** Makes an app, publishes a connector for it, and takes the key that is shown once. */
export async function publish(page: Page, stepgate: Stepgate, title: string, connector: string): Promise<App> {
  await page.goto(`${stepgate.url}/apps`);
  await page.getByRole('button', { name: 'Make an app' }).click();
  await page.getByRole('dialog').getByLabel('Title').fill(title);
  await page.getByRole('button', { name: 'Make the app' }).click();
  await expect(page.getByRole('heading', { name: title, level: 1 })).toBeVisible();
  const list = page.getByRole('region', { name: 'Connectors' });
  await list.getByRole('checkbox', { name: connector }).check();
  await list.getByRole('button', { name: 'Publish the changes' }).click();
  await expect(list.getByRole('button', { name: 'Publish the changes' })).toBeHidden();
  await page.getByRole('button', { name: 'Make a key' }).click();
  const dialog = page.getByRole('dialog', { name: 'The new key' });
  const key = await dialog.getByLabel('Key', { exact: true }).inputValue();
  await dialog.getByRole('button', { name: 'I have copied it' }).click();
  await expect(dialog).toBeHidden();
  return new App(stepgate.url, new URL(page.url()).pathname.split('/').at(-1) ?? '', key);
}

/** Opens the managed auth screen as the user whom the app sends there. */
export async function userEnters(context: BrowserContext, app: App, user: string): Promise<Page> {
  const { body } = await app.ask('POST', '/api/auth-links', { user });
  const page = await context.newPage();
  await page.goto((body as { url: string }).url);
  await page.getByRole('button', { name: `Continue as ${user}` }).click();
  await expect(page.locator('.list')).toBeVisible();
  return page;
}
