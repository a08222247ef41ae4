// Which names titles give.

import { expect, test } from 'vitest';
import { nameOf } from './name.ts';

test.each([
  ['Our shop', 'our-shop'],
  ['  Café Ünder 12 ', 'cafe-under-12'],
  ['12 monkeys', 'monkeys'],
  ['株式会社', ''],
  ['a'.repeat(90), 'a'.repeat(63)],
])('%s is called %s', (title, name) => {
  expect(nameOf(title)).toBe(name);
});
