// The editor as a builder uses it: every part of a definition made by clicking and typing in the form, nothing in the YAML.

import { expect, type Locator, type Page } from '@playwright/test';

/** One test of a value, in the form's words. */
export interface Test {
  value: string;
  /** Left out: equals. */
  test?: 'equals' | 'is one of' | 'is greater than' | 'is there';
  compared?: string;
  otherwise?: string;
}

/** The form of one connector. */
export class Builder {
  private constructor(readonly page: Page) {}

  /** Makes an empty connector from the list of them. */
  static async make(page: Page, url: string, title: string, baseUrl: string): Promise<Builder> {
    await page.goto(url);
    await page.getByRole('button', { name: 'New connector' }).click();
    await page.getByLabel('Title').fill(title);
    await page.getByLabel('Base URL').fill(baseUrl);
    await page.getByRole('button', { name: 'Make the connector' }).click();
    await expect(page.getByRole('heading', { name: title, level: 1 })).toBeVisible();
    return new Builder(page);
  }

  /** A part of the definition, by its heading. */
  part(title: string): Locator {
    return this.page.getByRole('region', { name: title, exact: true });
  }

  /** The steps of a flow. */
  flow(title: string): Locator {
    return this.page.getByRole('group', { name: title, exact: true });
  }

  /** A step by its id. */
  step(id: string): Locator {
    return this.page.getByRole('region', { name: new RegExp(`^Step \\d+: ${id}$`) });
  }

  /** Adds a step at a flow's end and gives it its id. */
  async addStep(flow: string, kind: string, id: string): Promise<Locator> {
    const cards = this.flow(flow).getByRole('region');
    const before = await cards.count();
    await this.flow(flow).getByRole('button', { name: 'Add step' }).click();
    await this.page.getByRole('textbox', { name: 'Search kinds' }).fill(kind);
    await this.page.keyboard.press('Enter');
    await expect(cards).toHaveCount(before + 1);
    const field = cards.last().getByRole('textbox', { name: 'ID', exact: true });
    if ((await field.inputValue()) !== id) {
      await field.fill(id);
      await field.press('Enter');
    }
    return this.step(id);
  }

  async fill(scope: Locator, label: string, value: string): Promise<void> {
    await scope.getByRole('textbox', { name: label, exact: true }).fill(value);
  }

  async choose(scope: Locator, label: string, option: string): Promise<void> {
    await scope.getByRole('combobox', { name: label, exact: true }).first().click();
    await this.page.getByRole('option', { name: option, exact: true }).click();
  }

  /** Brings up a setting that is not shown at first. */
  async more(scope: Locator, setting: string): Promise<void> {
    // A part's own menu stands below those of the parts within it.
    const menu = scope.getByRole('button', { name: 'More settings' }).last();
    const item = this.page.getByRole('menuitem', { name: new RegExp(`^${setting}`) });
    // In the middle there is room for the menu: it goes out of sight with its button, where the form moves beneath it.
    await menu.evaluate((button) => button.scrollIntoView({ block: 'center' }));
    await expect(async () => {
      if (!(await item.isVisible())) await menu.click();
      await item.click({ timeout: 3_000 });
    }).toPass({ timeout: 60_000 });
  }

  /** Adds pairs of name and value to a map, such as a query. */
  async pairs(map: Locator, add: string, pairs: Readonly<Record<string, string>>): Promise<void> {
    for (const [name, value] of Object.entries(pairs)) {
      // The new name is ready to be typed over, and its value comes next.
      await map.getByRole('button', { name: `Add ${add}` }).click();
      await this.page.keyboard.insertText(name);
      await this.page.keyboard.press('Tab');
      await this.page.keyboard.insertText(value);
    }
  }

  /** Method and address of the request in this scope, with what is asked for in the address. */
  async request(scope: Locator, method: string, url: string, query: Readonly<Record<string, string>> = {}): Promise<Locator> {
    const request = scope.getByRole('group', { name: 'Request', exact: true });
    await request.getByLabel('Method', { exact: true }).first().fill(method);
    await this.fill(request, 'URL', url);
    if (Object.keys(query).length > 0) {
      await this.more(request, 'Query');
      await this.pairs(request.getByRole('group', { name: 'Query', exact: true }), 'query', query);
    }
    return request;
  }

  /** Gives a request a body of fields. */
  async body(request: Locator, fields: Readonly<Record<string, string>>): Promise<void> {
    await this.choose(request, 'Body', 'Form');
    await this.pairs(request.getByRole('group', { name: 'Form', exact: true }), 'form', fields);
  }

  /** Keeps a value of the step's reply. */
  async extract(step: Locator, output: string, how: string, what: string): Promise<void> {
    await step.getByRole('button', { name: 'Add output' }).click();
    await this.page.keyboard.insertText(output);
    await this.page.keyboard.press('Enter');
    await this.fill(step.getByRole('group', { name: output, exact: true }), how, what);
  }

  /** Makes a condition in a group that has none yet; several are joined by “any”. */
  async condition(group: Locator, ...tests: Test[]): Promise<void> {
    await group.getByRole('button', { name: 'Add a condition' }).click();
    if (tests.length > 1) await this.choose(group, 'How the tests are joined', 'Any of these');
    for (const [at, { value, test, compared, otherwise }] of tests.entries()) {
      if (at > 0) await group.getByRole('button', { name: 'Add test' }).click();
      const one = tests.length > 1 ? group.getByRole('group', { name: `Test ${at + 1}`, exact: true }) : group;
      await this.fill(one, 'Value', value);
      if (test) await this.choose(one, 'Test', test);
      if (compared !== undefined) await this.fill(one, 'Compared with', compared);
      if (otherwise !== undefined) await this.fill(one, 'Else', otherwise);
    }
  }

  /** Adds a value to every call. */
  async requestParameter(place: 'header' | 'query' | 'body', name: string, value: string): Promise<Locator> {
    const part = this.part('Request parameters');
    await part.getByRole('button', { name: 'Add request parameter' }).click();
    const began = part.getByRole('group', { name: 'Authorization', exact: true }).last();
    await this.choose(began, 'In', place);
    await this.fill(began, 'Name', name);
    const made = part.getByRole('group', { name, exact: true });
    await this.fill(made, 'Value', value);
    return made;
  }

  /** Adds a call that has a name. */
  async endpoint(name: string, method: string, url: string, query: Readonly<Record<string, string>> = {}): Promise<Locator> {
    const part = this.part('Endpoints');
    await part.getByRole('button', { name: 'Add endpoint', exact: true }).click();
    await this.fill(part.getByRole('group', { name: 'endpoint', exact: true }), 'Name', name);
    const made = part.getByRole('group', { name, exact: true });
    await this.request(made, method, url, query);
    return made;
  }

  /** Declares what callers of an endpoint give. */
  async parameters(endpoint: Locator, ...names: string[]): Promise<void> {
    await this.more(endpoint, 'Parameters');
    const map = endpoint.getByRole('group', { name: 'Parameters', exact: true });
    for (const name of names) {
      await map.getByRole('button', { name: 'Add parameter' }).click();
      await this.page.keyboard.insertText(name);
      await this.page.keyboard.press('Enter');
      await expect(map.getByRole('group', { name, exact: true })).toBeVisible();
    }
  }

  /** Saves, where the checker has nothing against it. */
  async save(): Promise<void> {
    await expect(this.page.getByRole('region', { name: 'Problems' })).not.toContainText('error');
    await this.page.getByRole('button', { name: 'Save', exact: true }).click();
    await expect(this.page.getByText(/Version \d+, saved/)).toBeVisible();
  }
}
