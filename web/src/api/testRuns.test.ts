// Which test runs others go on with.

import { expect, test } from 'vitest';
import { leavesCredential, type TestRun } from './testRuns.ts';

test.each([
  ['auth', 'done', true],
  ['refresh', 'done', true],
  // The renewal was done, and what it spent is spent.
  ['refresh', 'failed', true],
  ['test_api', 'done', true],
  ['auth', 'working', false],
  ['logout', 'done', false],
])('%s, %s', (flow, state, expected) => {
  const run = { id: 'one', flow, state } as TestRun;
  expect(leavesCredential({ ...run, credential: { has_identity: false, expires_at: null } })).toBe(expected);
  expect(leavesCredential({ ...run, credential: null })).toBe(false);
});
