// What counts as the same.

import { expect, test } from 'vitest';
import { sameProps } from './sameProps.ts';

const schema = { type: 'string' };

test.each([
  [{ path: ['a', 0], schema }, { path: ['a', 0], schema }, true],
  [{ path: ['a', 0], schema: { type: 'string' } }, { path: ['a', 0], schema: { type: 'string' } }, true],
  [{ path: ['a', 0] }, { path: ['a', 1] }, false],
  [{ path: ['a'] }, { path: ['a', 'b'] }, false],
  [{ path: ['a'], label: 'x' }, { path: ['a'], label: 'y' }, false],
  [{ path: ['a'] }, { path: ['a'], required: true }, false],
  [{ onMove: () => 1 }, { onMove: () => 2 }, true],
  [{ onMove: () => 1 }, { onMove: undefined }, false],
  [{ schema: { items: {} } }, { schema: { items: {} } }, false],
])('%o and %o: %s', (one, other, same) => {
  expect(sameProps<object>(one, other)).toBe(same);
});
