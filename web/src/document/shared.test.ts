// What stays the same stays itself.

import { expect, test } from 'vitest';
import { valueAt } from './reading.ts';
import { shared } from './shared.ts';

const value = (url: string) => ({ a: { list: [{ id: 1 }, { id: 2 }] }, request: { url, headers: { x: 'y' } } });

test('what did not change is the same object, what did is another, up to the root', () => {
  const before = value('one');
  const after = shared(before, value('two'));
  expect(after).toEqual(value('two'));
  expect(after).not.toBe(before);
  expect(valueAt(after, ['a'])).toBe(before.a);
  expect(valueAt(after, ['request', 'headers'])).toBe(before.request.headers);
  expect(valueAt(after, ['request'])).not.toBe(before.request);
  expect(shared(before, value('one'))).toBe(before);
});

test.each([
  [[1, 2], [1, 2, 3]],
  [{ a: 1, b: 2 }, { b: 2, a: 1 }],
  [{ a: undefined }, {}],
  [[], {}],
  [null, { a: 1 }],
  [{ a: 1 }, null],
  ['x', 'y'],
])('%j becomes %j', (before, after) => {
  const result = shared(before, after);
  expect(result).toEqual(after);
  expect(result).not.toBe(before);
});

test('an item that moves is found where it was', () => {
  const before = [{ id: 1 }, { id: 2 }];
  expect(shared(before, [{ id: 2 }, { id: 1 }])).toEqual([{ id: 2 }, { id: 1 }]);
});
