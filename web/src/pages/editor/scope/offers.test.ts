// Which names are offered, and in which order.

import { expect, test } from 'vitest';
import type { Names } from '../../../api/scope.ts';
import type { Known } from './lastTest.ts';
import { fitting, offerFor, offersOf } from './offers.ts';

const name = (path: string, step: string, later = false, type = 'any'): Names['names'][number] => ({
  path,
  step,
  later,
  type,
  kind: 'output',
  about: '',
  certain: true,
  flow: 'auth_flow',
});

const known = (path: string, type = 'string'): Known => ({ path, type, shown: '••••••••', length: 20, at: 0 });

const scope: Names = {
  path: 'x',
  filters: [],
  names: [
    name('login.status', 'login', false, 'number'),
    name('login.body', 'login'),
    name('form1.username', 'form1', false, 'string'),
    name('after.body', 'after', true),
  ],
};

test('what a test found stands behind what the definition tells, and later steps get none of it', () => {
  const offers = offersOf(scope, [known('login.body', 'object'), known('login.body.token'), known('after.body.x')]);
  expect(offers.map(({ text, type, isLater }) => [text, type, isLater])).toEqual([
    ['login.status', 'number', false],
    ['login.body', 'object', false],
    ['login.body.token', 'string', false],
    ['form1.username', 'string', false],
    ['after.body', 'any', true],
  ]);
  expect(offers[2]?.known?.shown).toBe('••••••••');
});

test('what begins as it was typed comes first, later steps last', () => {
  const offers = offersOf(scope, [known('login.body.token')]);
  expect(fitting(offers, 'body').map(({ text }) => text)).toEqual(['login.body', 'login.body.token', 'after.body']);
  expect(fitting(offers, 'LOGIN.S').map(({ text }) => text)).toEqual(['login.status']);
  expect(fitting(offers, 'nothing')).toEqual([]);
});

test.each([
  ['login.body', 'login.body'],
  ['login.body.items[0].id', 'login.body'],
  ['login.body[0]', 'login.body'],
  ['login.bodyguard', undefined],
])('%s is, or is in, %s', (word, text) => {
  expect(offerFor(offersOf(scope, []), word)?.text).toBe(text);
});
