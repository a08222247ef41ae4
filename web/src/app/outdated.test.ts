// Which answers are told to be old.

import { expect, test } from 'vitest';
import { outdated } from './outdated.ts';

const query = (status: string, dataUpdatedAt: number, { isActive = true, isAnswered = true } = {}) => ({
  state: { status, fetchStatus: 'idle', data: isAnswered ? {} : undefined, error: null, dataUpdatedAt },
  isActive: () => isActive,
});

test('the oldest answer that is shown and could not be had anew', () => {
  expect(outdated([query('success', 1), query('pending', 0, { isAnswered: false })])).toBeNull();
  // What was never answered says so in its own place; what nobody looks at does not matter.
  expect(outdated([query('error', 0, { isAnswered: false }), query('error', 2, { isActive: false })])).toBeNull();
  expect(outdated([query('error', 9), query('success', 1), query('error', 4)])?.dataUpdatedAt).toBe(4);
});
