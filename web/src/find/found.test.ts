// What a few letters find.

import { expect, test } from 'vitest';
import { found } from './found.ts';

const THINGS = [
  { label: 'Settings', about: 'Page' },
  { label: 'mediawiki', about: 'Connector, Team wiki' },
  { label: 'Connections', about: 'Page' },
  { label: 'Refresh flow', about: 'Part of this connector' },
];

test.each([
  ['', ['Settings', 'mediawiki', 'Connections', 'Refresh flow']],
  ['con', ['Connections', 'mediawiki', 'Refresh flow']],
  ['flow', ['Refresh flow']],
  ['wiki', ['mediawiki']],
  ['team', ['mediawiki']],
  ['mwi', ['mediawiki']],
  ['zz', []],
])('%s', (typed, labels) => {
  expect(found(THINGS, typed).map(({ label }) => label)).toEqual(labels);
});
