// Accounts for tests, made over the API so that each test clicks only through what it is about.

import { request, type BrowserContext, type Page } from '@playwright/test';
import { ADMIN, type Stepgate } from './stepgate.ts';

/** Makes the first admin. */
export async function makeAdmin(stepgate: Stepgate): Promise<void> {
  const api = await request.newContext({ baseURL: stepgate.url });
  const ticket = new URL(stepgate.setUpLink).searchParams.get('ticket');
  const made = await api.post('/api/setup', { data: { ticket, ...ADMIN } });
  if (!made.ok()) throw new Error(await made.text());
  await api.dispose();
}

/** Signs a browser in; returns what its changes have to show. */
export async function signIn(stepgate: Stepgate, context: BrowserContext): Promise<string> {
  const answer = await context.request.post(`${stepgate.url}/api/session`, { data: ADMIN });
  if (!answer.ok()) throw new Error(await answer.text());
  return ((await answer.json()) as { csrf: string }).csrf;
}

/** Signs in on the page that stands where a session has ended. */
export async function signInAgain(page: Page): Promise<void> {
  // The page that was open before may have a field of that name too.
  await page.getByRole('heading', { name: 'Sign in to Stepgate' }).waitFor();
  await page.getByLabel('Name').fill(ADMIN.login);
  await page.getByRole('textbox', { name: 'Password' }).fill(ADMIN.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
}
