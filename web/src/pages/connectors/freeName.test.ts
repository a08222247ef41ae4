// Names of new connectors.

import { expect, test } from 'vitest';
import { freeName, nameOf } from './freeName.ts';

test.each([
  ['wiki', [], 'wiki'],
  ['wiki', ['wiki'], 'wiki-2'],
  ['wiki-2', ['wiki', 'wiki-2'], 'wiki-3'],
])('%s beside %j', (base, taken, expected) => {
  expect(freeName(base, taken)).toBe(expected);
});

test.each([
  ['Team wiki', 'team-wiki'],
  ['  3rd Café (EU) ', 'rd-cafe-eu'],
  ['Größe', 'gro-e'],
  ['42', ''],
])('%s becomes %s', (title, expected) => {
  expect(nameOf(title)).toBe(expected);
});
