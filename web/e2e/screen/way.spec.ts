// The end user's way through the screen: forms in a dialog, by keyboard alone, with what they typed treated as it should be.

import { card, CODE, dialog, expect, fill, PASSWORD, RETURN_TO, test } from './fixture.ts';

test('signs in by keyboard alone, hears what happens, and goes on to what is left', async ({ page, enter, world, user }) => {
  await enter(page);
  await expect(page.getByText('1 of 3 ready')).toBeVisible();
  // To the first button, whatever stands before it.
  const signIn = page.getByRole('button', { name: 'Sign in: Team wiki' });
  for (let presses = 0; presses < 10 && !(await signIn.evaluate((one) => one === document.activeElement)); presses += 1) {
    await page.keyboard.press('Tab');
  }
  await page.keyboard.press('Enter');
  await expect(dialog(page)).toHaveAccessibleName('Sign in to the wiki');
  await expect(page.getByLabel('User name')).toBeFocused();
  await page.keyboard.type('ana');
  await page.keyboard.press('Tab');
  await page.keyboard.type(PASSWORD);
  await page.keyboard.press('Enter');
  await expect(dialog(page)).toBeHidden();
  await expect(card(page, 'wiki')).toContainText('Signed in · ana');
  await expect(page.locator('#live')).toHaveText('2 of 3 ready');
  await expect(card(page, 'drive').getByRole('heading')).toBeFocused();
  expect(await world.standing(user)).toEqual({ wiki: true, drive: false, news: true });
  expect(page.url()).toBe(`${world.url}/auth/shop`);
});

test('keeps the name after a refusal, clears the password, and leads to the field with the error', async ({ page, enter }) => {
  await enter(page);
  await card(page, 'wiki').getByRole('button', { name: 'Sign in' }).click();
  await fill(page, 'ana', 'wrong');
  await expect(page.getByRole('alert')).toContainText('did not accept this name and password');
  await expect(page.getByRole('alert')).toContainText('You can try 2 more times.');
  await expect(page.getByLabel('User name')).toHaveValue('ana');
  const password = page.getByRole('textbox', { name: 'Password' });
  await expect(password).toHaveValue('');
  await expect(password).toBeFocused();
  await expect(password).toHaveAccessibleDescription(/did not accept/);
  await password.fill(PASSWORD);
  await page.keyboard.press('Enter');
  await expect(card(page, 'wiki')).toContainText('Signed in');
});

test('tells password managers what is what, and shows a password to who asks', async ({ page, enter }) => {
  await enter(page);
  await card(page, 'wiki').getByRole('button', { name: 'Sign in' }).click();
  const password = page.getByRole('textbox', { name: 'Password' });
  await expect(page.getByLabel('User name')).toHaveAttribute('autocomplete', 'username');
  await expect(password).toHaveAttribute('autocomplete', 'current-password');
  await password.fill('seen');
  await page.getByRole('button', { name: 'Show password' }).click();
  await expect(password).toHaveAttribute('type', 'text');
  await page.getByRole('button', { name: 'Hide password' }).click();
  await expect(password).toHaveAttribute('type', 'password');
});

test('asks for a one-time code in one field, after the form that needs it', async ({ page, enter }) => {
  await enter(page);
  await card(page, 'wiki').getByRole('button', { name: 'Sign in' }).click();
  await fill(page, 'mia');
  const code = page.getByLabel('Code from your app');
  await expect(code).toBeFocused();
  await expect(code).toHaveAttribute('autocomplete', 'one-time-code');
  await expect(code).toHaveAttribute('inputmode', 'numeric');
  await code.fill('000000');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('alert')).toContainText('This code is not the one.');
  await code.fill(CODE);
  await page.keyboard.press('Enter');
  await expect(card(page, 'wiki')).toContainText('Signed in · mia');
});

test('asks once before it throws away what was typed, and leaves nothing open behind', async ({ page, enter, world, user }) => {
  await enter(page);
  await card(page, 'wiki').getByRole('button', { name: 'Sign in' }).click();
  await page.getByLabel('User name').fill('ana');
  await page.keyboard.press('Escape');
  await expect(page.getByText('Discard what you typed?')).toBeVisible();
  await page.getByRole('button', { name: 'Keep typing' }).click();
  await expect(page.getByLabel('User name')).toHaveValue('ana');
  await expect(page.getByLabel('User name')).toBeFocused();
  await page.getByRole('button', { name: 'Close' }).click();
  await page.getByRole('button', { name: 'Discard' }).click();
  await expect(dialog(page)).toBeHidden();
  await expect(card(page, 'wiki').getByRole('heading')).toBeFocused();
  await card(page, 'wiki').getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByLabel('User name')).toHaveValue('');
  expect((await world.standing(user)).wiki).toBe(false);
});

test('signs out, forgets, adds accounts, and says so', async ({ page, enter, world, user }) => {
  await world.signIn('wiki', user, { username: 'ana', password: PASSWORD });
  await enter(page);
  const wiki = card(page, 'wiki');
  await wiki.getByText('Add another account').click();
  await wiki.getByLabel('Name for the account').fill('work');
  await wiki.getByRole('button', { name: 'Sign in' }).click();
  await fill(page, 'ben');
  await expect(wiki.locator('.account')).toHaveCount(2);
  await expect(wiki).toContainText('work');
  await wiki.getByLabel('More for ana').click();
  await wiki.getByRole('button', { name: 'Sign out' }).first().click();
  await expect(wiki.locator('.account')).toHaveCount(1);
  expect(world.site.upstream.count('POST /logout')).toBe(1);
  await wiki.getByLabel('More for work').click();
  await wiki.getByRole('button', { name: 'Forget here' }).click();
  await expect(wiki).toContainText('Not signed in');
  expect(world.site.upstream.count('POST /logout')).toBe(1);
});

test('compares the account with the one before, and asks which to keep', async ({ page, enter, world, user }) => {
  await world.signIn('wiki', user, { username: 'ana', password: PASSWORD });
  await enter(page);
  const again = async () => {
    await card(page, 'wiki').getByLabel('More for ana').click();
    await page.getByRole('button', { name: 'Switch account' }).click();
    await fill(page, 'ben');
    await expect(dialog(page)).toContainText('You signed in as ben. Before, it was ana.');
  };
  await again();
  await page.getByRole('button', { name: 'Go back' }).click();
  await expect(card(page, 'wiki')).toContainText('Signed in · ana');
  await again();
  await page.getByRole('button', { name: 'Keep ben' }).click();
  await expect(card(page, 'wiki')).toContainText('Signed in · ben');
});

test('says why somebody is signed out, since when, and what to do', async ({ page, enter, world, user }) => {
  await world.signIn('wiki', user, { username: 'ana', password: PASSWORD });
  world.site.expire();
  // A session of just now is not renewed yet, so the first answers are the API's own.
  const call = async () => (await world.ask('POST', '/call/wiki/notes', { parameters: {} }, user)).status;
  await expect.poll(call, { timeout: 20_000 }).toBe(409);
  await enter(page);
  const wiki = card(page, 'wiki');
  await expect(wiki).toContainText('Signed out · ana');
  await wiki.getByText('Why am I signed out?').click();
  await expect(wiki).toContainText('does not accept your sign-in any more');
  await expect(wiki).toContainText('What to do');
  await expect(wiki.locator('time')).toHaveText(/\d{1,2}:\d{2}/);
  await wiki.getByRole('button', { name: 'Sign in again' }).click();
  await fill(page);
  await expect(wiki).toContainText('Signed in · ana');
});

test('leads back to the app, all the more once all is done', async ({ page, enter, world, user }) => {
  await enter(page);
  await expect(page.getByRole('link', { name: 'Back to shop' })).toHaveAttribute('href', RETURN_TO);
  await world.signIn('wiki', user, { username: 'ana', password: PASSWORD });
  await page.reload();
  await expect(card(page, 'news')).toContainText('Nothing to do · shop is signed in for everybody.');
});

test('is in the language of the browser, or the one that is chosen', async ({ browser, enter }) => {
  const context = await browser.newContext({ locale: 'de-AT' });
  const page = await context.newPage();
  await enter(page);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Deine Konten');
  await expect(page.locator('html')).toHaveAttribute('lang', 'de');
  await page.getByRole('link', { name: 'English' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Your accounts');
  await page.goto(page.url().split('?')[0] ?? '');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Your accounts');
  await context.close();
});

test('works without a script, at 320 pixels, and from right to left', async ({ browser, enter }) => {
  const context = await browser.newContext({ javaScriptEnabled: false, viewport: { width: 320, height: 600 } });
  const page = await context.newPage();
  await enter(page);
  await card(page, 'wiki').getByRole('button', { name: 'Sign in' }).click();
  await fill(page);
  await expect(card(page, 'wiki')).toContainText('Signed in · ana');
  await context.close();
  const other = await browser.newContext({ viewport: { width: 320, height: 600 } });
  const mirrored = await other.newPage();
  await enter(mirrored);
  for (const direction of ['ltr', 'rtl']) {
    await mirrored.evaluate((dir) => (document.documentElement.dir = dir), direction);
    const wide = await mirrored.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);
    expect(wide, direction).toBe(false);
  }
  await other.close();
});
