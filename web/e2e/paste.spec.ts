// Steps through the clipboard: from one connector to another, from a text editor, and not to where nobody sits.

import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test, type Page } from '@playwright/test';
import { makeAdmin, signIn } from './account.ts';
import { serve, type Stepgate } from './stepgate.ts';
import { workspace, type Workspace } from './workspace.ts';

let stepgate: Stepgate;
let made: Workspace;

test.beforeAll(async () => {
  stepgate = await serve();
  await makeAdmin(stepgate);
  made = await workspace(stepgate);
});
test.afterAll(async () => {
  await made.close();
  await stepgate.stop();
});

const example = readFileSync(resolve(import.meta.dirname, '../../examples/django-admin.yaml'), 'utf8');

/** What somebody copied in an editor of texts: a person is asked, and what was typed is sent. */
const WRITTEN = `# From the notes of a colleague.
- id: login
  kind: form
  title: Which tenant?
  fields: [{ key: tenant, type: text, label: Tenant }]
- id: tell
  kind: api_request
  request: { method: POST, url: "{{base_url}}/tenant", form: { name: "{{login.tenant}}" } }
`;

const OTHER = `stepgate: 1
connector: other
base_url: https://other.example.org
auth_flow:
  steps:
    - { id: begin, kind: js_code, parameters: {}, code: "return {};" }
`;

const flow = (page: Page, name: string) => page.getByRole('group', { name, exact: true });

const steps = (page: Page, name: string) =>
  flow(page, name).getByRole('region', { name: /^Step/ }).evaluateAll((all) => all.map((one) => one.getAttribute('aria-label')));

const copied = (page: Page) => page.evaluate(() => navigator.clipboard.readText());

async function copy(page: Page, step: string): Promise<void> {
  await page.getByRole('button', { name: `What can be done with ${step}`, exact: true }).click();
  await page.getByRole('menuitem', { name: 'Copy as YAML' }).click();
  // Only once it is told is it there.
  await expect(page.getByText(`${step} is copied as YAML`)).toBeAttached();
}

const paste = (page: Page, name: string) => flow(page, name).getByRole('button', { name: 'Paste' }).click();

test('steps go as YAML between connectors, tabs, flows and editors; where nobody sits, some are refused', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await signIn(stepgate, context);
  await made.connector(example);
  await made.connector(OTHER);
  await page.goto(`${stepgate.url}/connectors/django-admin`);
  await copy(page, 'login');
  expect(await copied(page)).toMatch(/^- id: login\n {2}kind: api_request\n {2}# A good sign-in is a redirect/);

  const other = await context.newPage();
  await other.goto(`${stepgate.url}/connectors/other`);
  await paste(other, 'Auth flow');
  await expect.poll(() => steps(other, 'Auth flow')).toEqual(['Step 1: begin', 'Step 2: login']);
  // Its comments come along, and what it reads is missed where it is now.
  const yaml = other.getByRole('textbox', { name: /Definition as YAML/ });
  await expect(yaml).toContainText('the redirect is the answer');
  await expect(other.getByRole('region', { name: 'Problems' })).toContainText('3 errors');

  // Ids that are taken get others, and what reads them within the copy reads those.
  await other.evaluate((text) => navigator.clipboard.writeText(text), WRITTEN);
  await paste(other, 'Auth flow');
  await expect.poll(() => steps(other, 'Auth flow')).toEqual(['Step 1: begin', 'Step 2: login', 'Step 3: login2', 'Step 4: tell']);
  await expect(yaml).toContainText('{{login2.tenant}}');

  // Nobody is there to answer in a renewal or at a sign-out: nothing of it is put in, and it is said why.
  for (const [name, words] of [['Refresh flow', 'refresh flow'], ['Logout flow', 'logout flow']] as const) {
    await paste(other, name);
    await expect(flow(other, name).getByRole('alert')).toContainText(
      `Nobody is there to answer in a ${words}. \`login\` is of kind form: it asks somebody.`,
    );
    expect(await steps(other, name)).toEqual([]);
  }
  await copy(other, 'tell');
  await paste(other, 'Refresh flow');
  await expect.poll(() => steps(other, 'Refresh flow')).toEqual(['Step 1: tell2']);
  await expect(flow(other, 'Refresh flow').getByRole('alert')).toHaveCount(0);

  // What is no step is told as such; a clipboard that the browser keeps to itself is asked for in a box.
  await other.evaluate(() => navigator.clipboard.writeText('hello: there'));
  await paste(other, 'Refresh flow');
  await expect(flow(other, 'Refresh flow').getByRole('alert')).toContainText('This holds no steps: each has at least `id` and `kind`.');
  await other.evaluate(() => (navigator.clipboard.readText = () => Promise.reject(new Error('refused'))));
  await paste(other, 'Refresh flow');
  const dialog = other.getByRole('dialog', { name: 'Paste steps' });
  await dialog.getByLabel('Steps as YAML').fill('- { id: code1, kind: js_code, parameters: {}, code: "return {};" }');
  await dialog.getByRole('button', { name: 'Add the steps' }).click();
  await expect.poll(() => steps(other, 'Refresh flow')).toEqual(['Step 1: tell2', 'Step 2: code1']);
});
