// How a point in time is told.

import { expect, test } from 'vitest';
import { near } from './Moment.tsx';

test.each([
  ['2026-05-03T12:00:00Z', 'just now'],
  ['2026-05-03T11:58:30Z', '1 minute ago'],
  ['2026-05-03T12:05:30Z', 'in 5 minutes'],
  ['2026-05-03T09:00:00Z', '3 hours ago'],
  ['2026-05-02T11:00:00Z', 'yesterday'],
])('%s is told as %s', (at, told) => {
  expect(near(new Date(at), new Date('2026-05-03T12:00:20Z'))).toBe(told);
});
