// Attacks on the end user's side, by their numbers in SECURITY.md, in a real browser.

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { BrowserContext, Page } from '@playwright/test';
import { card, dialog, expect, fill, ORIGIN, PASSWORD, RETURN_TO, test } from './fixture.ts';
import type { World } from './world.ts';

/** A page at an address of the attacker's own: another site than the server's, as `localhost` is to `127.0.0.1`. */
async function evil(body: string): Promise<{ url: string; close: () => void }> {
  const server = createServer((_, response) =>
    response.writeHead(200, { 'content-type': 'text/html' }).end(`<!doctype html><title>evil</title>${body}`),
  );
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  return { url: `http://localhost:${(server.address() as AddressInfo).port}/`, close: () => server.close() };
}

/** Begins a sign-in at the drive and leads a page to where the drive asks. */
async function atTheDrive(page: Page): Promise<Page> {
  const opened = page.waitForEvent('popup');
  await card(page, 'drive').getByRole('button', { name: 'Sign in' }).click();
  const popup = await opened;
  await expect(popup.getByRole('heading')).toHaveText('Drive');
  return popup;
}

const cookies = async (context: BrowserContext, world: World) =>
  (await context.cookies(world.url)).filter(({ name }) => name !== 'stepgate-language');

test('attack_3_another_browser_cannot_finish_a_sign_in', async ({ page, browser, enter, world, user }) => {
  await enter(page);
  const popup = await atTheDrive(page);
  // The redirect is caught on its way, and brought to another browser.
  const fields = await popup.locator('form').evaluate((form) => new URLSearchParams([...new FormData(form as HTMLFormElement)] as [string, string][]).toString());
  const decided = await popup.request.get(`${world.drive.upstream.origin}/decide?${fields}&answer=allow`, { maxRedirects: 0 });
  const back = decided.headers().location ?? '';
  expect(back).toContain('/callback/drive');
  const other = await browser.newContext();
  const victim = await other.newPage();
  expect((await victim.goto(back))?.status()).toBe(400);
  await expect(victim.getByRole('alert')).toBeVisible();
  expect(world.drive.upstream.count('POST /token')).toBe(0);
  expect((await world.standing(user)).drive).toBe(false);
  await popup.goto(back);
  await expect(card(page, 'drive')).toContainText('Signed in');
  await other.close();
});

test('attack_4_a_link_that_was_sent_on_signs_nobody_in_unasked', async ({ browser, world }) => {
  const link = await world.link('mallory', { connector: 'wiki', return_to: RETURN_TO });
  const site = await evil(`<a href="${link}">cat pictures</a>`);
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(site.url);
  await page.getByRole('link').click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Continue as mallory?');
  await expect(page.getByText('Did somebody send you this link?')).toBeVisible();
  await page.goto(`${world.url}/auth/shop`);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('This link has ended');
  // Nor by way of the page that it says it comes from.
  await page.goto(`${link}&host=${encodeURIComponent(site.url)}`);
  await expect(page.locator('[data-host]')).toHaveCount(0);
  site.close();
  await context.close();
});

test('attack_12_markup_in_an_error_is_shown_as_text_and_runs_nowhere', async ({ page, enter }) => {
  await enter(page);
  const popup = await atTheDrive(page);
  await popup.getByRole('button', { name: 'Deny' }).click();
  await expect(dialog(page).getByRole('alert')).toBeVisible();
  for (const shown of [page, popup]) {
    expect(await shown.evaluate(() => 'hurt' in window)).toBe(false);
    await expect(shown.locator('img[src=x]')).toHaveCount(0);
    await expect(shown.locator('script:not([src])')).toHaveCount(0);
  }
  // Even markup that gets into the page does nothing.
  await page.evaluate(() => {
    document.body.insertAdjacentHTML('beforeend', '<img src=x onerror="window.hurt=1">');
    const script = document.createElement('script');
    script.textContent = 'window.hurt=1';
    document.body.append(script);
  });
  await expect(page.locator('img[src=x]')).toHaveCount(1);
  expect(await page.evaluate(() => 'hurt' in window)).toBe(false);
});

test('attack_16_the_screen_stands_in_no_strangers_frame_and_tells_strangers_nothing', async ({ page, enter, world, user }) => {
  await enter(page);
  const link = await world.link(user, { return_to: RETURN_TO });
  const site = await evil(
    `<script>window.heard = []; addEventListener('message', (event) => heard.push(event.data));</script>
     <iframe src="${world.url}/auth/shop"></iframe><button onclick="window.open('${link}&host=' + encodeURIComponent(location.origin))">open</button>`,
  );
  const stranger = await page.context().newPage();
  const refused = stranger.waitForEvent('console', (message) => message.text().includes('frame-ancestors'));
  await stranger.goto(site.url);
  await refused;
  await expect(stranger.frameLocator('iframe').locator('.list')).toHaveCount(0);
  const opened = stranger.waitForEvent('popup');
  await stranger.getByRole('button').click();
  const popup = await opened;
  // This browser knows the user, so the screen itself comes up; yet it knows no page to tell.
  await expect(popup.locator('.list')).toBeVisible();
  await popup.locator('.card[data-connector=wiki]').getByRole('button', { name: 'Sign in' }).click();
  await fill(popup);
  await expect(popup.locator('.card[data-connector=wiki]')).toContainText('Signed in');
  expect(await stranger.evaluate(() => (window as unknown as { heard: unknown[] }).heard)).toEqual([]);
  site.close();
});

test('attack_55_a_planted_cookie_and_a_token_of_another_session_are_not_enough', async ({ page, browser, enter, world, user }) => {
  await world.signIn('wiki', user, { username: 'ana', password: PASSWORD });
  await enter(page);
  // A token that is right, in another browser's session.
  const other = await browser.newContext();
  const theirs = await other.newPage();
  await theirs.goto(await world.link('mallory'), { referer: `${ORIGIN}/` });
  const planted = await theirs.locator('[name=form_token]').first().inputValue();
  await other.close();
  const connection = await page.locator('[name=connection]').first().inputValue();
  const send = (token: string, cookie?: string) =>
    page.evaluate(
      async ([token, connection, cookie]) => {
        if (cookie) document.cookie = cookie;
        const body = new URLSearchParams({ form_token: token ?? '', connection: connection ?? '' });
        return (await fetch('/auth/shop/clear', { method: 'POST', body })).status;
      },
      [token, connection, cookie],
    );
  expect(await send(planted)).toBe(403);
  expect(await send('equal', 'form_token=equal; path=/')).toBe(403);
  expect(await send(planted, `__Host-stepgate-user=${planted}; path=/; secure`)).toBe(403);
  expect(await send('')).toBe(403);
  expect((await world.standing(user)).wiki).toBe(true);
});

test('attack_57_the_session_cookie_is_out_of_reach_and_new_at_each_entry', async ({ page, context, enter, world }) => {
  await enter(page);
  const first = await cookies(context, world);
  expect(first.map(({ name }) => name).sort()).toEqual(['__Host-stepgate-user', '__Host-stepgate-visit']);
  for (const cookie of first) {
    expect(cookie).toMatchObject({ httpOnly: true, secure: true, sameSite: 'Lax', path: '/' });
  }
  expect(await page.evaluate(() => document.cookie)).toBe('');
  await enter(page);
  const value = (all: typeof first) => all.find(({ name }) => name === '__Host-stepgate-user')?.value;
  expect(value(await cookies(context, world))).not.toBe(value(first));
  // A form that another site sends along with the cookies of this one.
  const site = await evil(`<form method="post" action="${world.url}/auth/shop/sign-in"><input name="connector" value="wiki"><button>go</button></form>`);
  await page.goto(site.url);
  const sent = page.waitForResponse((reply) => reply.url().endsWith('/sign-in'));
  await page.getByRole('button').click();
  expect([401, 403]).toContain((await sent).status());
  site.close();
});

test('attack_62_what_is_anothers_is_as_unknown_as_what_is_not', async ({ page, enter, world, user }) => {
  await world.signIn('wiki', `${user}-other`, { username: 'ben', password: PASSWORD });
  const { body } = await world.ask('GET', '/api/connections', undefined, `${user}-other`);
  const [theirs] = (body as { connections: { id: string }[] }).connections;
  const run = (await world.ask('POST', '/api/runs', { connector: 'drive' }, `${user}-other`)).body as { id: string };
  await enter(page);
  await expect(page.getByText('ben')).toHaveCount(0);
  const token = await page.locator('[name=form_token]').first().inputValue();
  const both = (path: (id: string) => string, id: string, none: string, form?: (id: string) => Record<string, string>) =>
    page.evaluate(
      async ([[first, firstForm], [second, secondForm]]) => {
        const ask = async (path: string, form: Record<string, string> | undefined) => {
          const reply = await fetch(path, form ? { method: 'POST', body: new URLSearchParams(form) } : {});
          return { status: reply.status, text: (await reply.text()).replaceAll(/"request_id":"[^"]*"/g, '') };
        };
        return [await ask(first, firstForm), await ask(second, secondForm)];
      },
      [
        [path(id), form?.(id)],
        [path(none), form?.(none)],
      ] as [[string, Record<string, string> | undefined], [string, Record<string, string> | undefined]],
    );
  const connection = theirs?.id ?? '';
  for (const answers of [
    await both((id) => `/auth/shop/runs/${id}`, run.id, 'AAAAAAAAAAAAAAAAAAAAAA'),
    await both((id) => `/api/runs/${id}`, run.id, 'AAAAAAAAAAAAAAAAAAAAAA'),
    await both((id) => `/api/connections/${id}`, connection, 'c_none'),
    await both(() => '/auth/shop/sign-out', connection, 'c_none', (id) => ({ form_token: token, connection: id })),
    await both(() => '/auth/shop/clear', connection, 'c_none', (id) => ({ form_token: token, connection: id })),
  ]) {
    expect(answers[0]).toEqual(answers[1]);
    expect(answers[0]?.status).toBe(404);
  }
  expect((await world.standing(`${user}-other`)).wiki).toBe(true);
});

test('attack_65_what_was_typed_into_a_password_is_nowhere_afterwards', async ({ page, context, enter }) => {
  const session = await context.newCDPSession(page);
  const replies: string[] = [];
  const kept: string[] = [];
  page.on('response', (reply) => {
    const { 'content-type': type, 'cache-control': caching } = reply.headers();
    if (type?.includes('html') && caching !== 'no-store') {
      kept.push(reply.url());
    }
    replies.push(JSON.stringify(reply.headers()));
    reply.text().then((text) => replies.push(text)).catch(() => undefined);
  });
  await enter(page);
  await card(page, 'wiki').getByRole('button', { name: 'Sign in' }).click();
  await fill(page, 'ana', `${PASSWORD}-wrong`);
  await expect(page.getByRole('alert')).toBeVisible();
  expect(await page.content()).not.toContain(PASSWORD);
  await page.getByRole('textbox', { name: 'Password' }).fill(PASSWORD);
  await page.keyboard.press('Enter');
  await expect(card(page, 'wiki')).toContainText('Signed in');
  const values = await page.locator('input').evaluateAll((inputs) => inputs.map((input) => (input as HTMLInputElement).value));
  expect(values.join()).not.toContain(PASSWORD);
  expect(replies.join('\n')).not.toContain(PASSWORD);
  // Nothing of it comes back by the history, and nothing is kept on the disk.
  await page.goto('about:blank');
  await page.goBack();
  await expect(page.locator('.list')).toBeVisible();
  expect(await page.content()).not.toContain(PASSWORD);
  const cached = await session.send('CacheStorage.requestCacheNames', { securityOrigin: new URL(page.url()).origin });
  expect(cached.caches).toEqual([]);
  expect(kept).toEqual([]);
});
