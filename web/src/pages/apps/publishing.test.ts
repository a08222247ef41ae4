// What changes of the published connectors do, and how that is said.

import { expect, test } from 'vitest';
import { differences, moved, withPublished, withSelected } from './publishing.ts';

const wiki = { connector: 'wiki', selected: true };
const shop = { connector: 'shop', selected: false };

test('nothing changed is nothing said', () => {
  expect(differences([wiki, shop], [{ ...wiki }, { ...shop }])).toEqual([]);
  expect(differences([wiki], moved([wiki], 'wiki', 1))).toEqual([]);
});

test('publishing comes last, taking back names what ends', () => {
  const after = withPublished(withPublished([wiki, shop], 'bank', true), 'wiki', false);
  expect(after.map((it) => it.connector)).toEqual(['shop', 'bank']);
  expect(differences([wiki, shop], after)).toEqual([
    'Publishes bank.',
    'Takes wiki back: calls to it are refused. Connections stay, unused.',
  ]);
});

test('taking back says for how many it ends', () => {
  const uses = [{ connector: 'wiki', users: 12 }];
  expect(differences([wiki], [], uses)).toEqual([
    'Takes wiki back: calls to it are refused, also those for the 12 users signed in. Connections stay, unused.',
  ]);
});

test('asking and order are told apart', () => {
  expect(differences([wiki, shop], withSelected([wiki, shop], 'shop', true))).toEqual([
    'The screen asks users for shop.',
  ]);
  expect(differences([wiki, shop], moved([wiki, shop], 'shop', -1))).toEqual(['Shows them in another order.']);
});
