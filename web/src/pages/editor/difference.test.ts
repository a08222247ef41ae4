// Differences between two texts.

import { expect, test } from 'vitest';
import { difference } from './difference.ts';

test.each([
  ['a\nb', 'a\nb', ' a| b'],
  ['a\nb\nc', 'a\nc', ' a|-b| c'],
  ['a\nc', 'a\nb\nc', ' a|+b| c'],
  ['a\nb', 'a\nc', ' a|-b|+c'],
  ['', 'a', '-|+a'],
])('%j to %j', (before, after, expected) => {
  const signs = { same: ' ', gone: '-', new: '+' };
  expect(difference(before, after).map(({ kind, text }) => signs[kind] + text).join('|')).toBe(expected);
});
