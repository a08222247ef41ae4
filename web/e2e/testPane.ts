// The editor's Test pane as a builder uses it.

import { expect, type Locator, type Page } from '@playwright/test';

/** The pane. */
export class TestPane {
  private constructor(
    readonly page: Page,
    readonly pane: Locator,
  ) {}

  static async open(page: Page): Promise<TestPane> {
    await page.getByRole('button', { name: 'Test', exact: true }).click();
    return new TestPane(page, page.getByRole('tabpanel', { name: 'Test' }));
  }

  get timeline(): Locator {
    return this.pane.getByRole('list', { name: 'Timeline' });
  }

  /** Chooses a test and begins it, ending one that still waits. */
  async run(what: string, parameters: Readonly<Record<string, string>> = {}): Promise<void> {
    const stop = this.pane.getByRole('button', { name: 'Stop', exact: true });
    const run = this.pane.getByRole('button', { name: 'Run', exact: true });
    await expect(stop.or(run)).toBeVisible();
    if (await stop.isVisible()) await stop.click();
    await this.pane.getByRole('combobox', { name: 'Test', exact: true }).click();
    await this.page.getByRole('option', { name: what, exact: true }).click();
    for (const [name, value] of Object.entries(parameters)) {
      await this.pane.getByRole('textbox', { name, exact: true }).fill(value);
    }
    await run.click();
  }

  /** Answers the form that the test waits with. */
  async answer(fields: Readonly<Record<string, string>>): Promise<void> {
    for (const [label, value] of Object.entries(fields)) {
      await this.pane.getByRole('textbox', { name: label, exact: true }).fill(value);
    }
    await this.pane.getByRole('button', { name: 'Continue', exact: true }).click();
  }

  /** Opens every row of the timeline. */
  openAll(): Promise<void> {
    return openAll(this.timeline);
  }

  /** A flow has led to a credential. */
  async isComplete(): Promise<void> {
    await expect(this.pane.getByText('The credential is complete')).toBeVisible({ timeout: 30_000 });
  }

  /** A call has brought what was expected. */
  async isAsExpected(): Promise<void> {
    await expect(this.pane.getByText(/^2\d\d, as expected/)).toBeVisible({ timeout: 30_000 });
  }
}

/** Opens every row of a timeline, once it is there. */
export async function openAll(timeline: Locator): Promise<void> {
  await expect(timeline.getByRole('button').first()).toBeVisible();
  const folded = timeline.getByRole('button', { expanded: false });
  while ((await folded.count()) > 0) await folded.first().click();
}
