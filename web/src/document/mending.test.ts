// The nearest name in the place of the wrong one.

import { expect, test } from 'vitest';
import { mended } from './mending.ts';

test.each([
  ['{{bas_url}}/x', '`{{bas_url}}` names nothing.', 'base_url', '{{base_url}}/x'],
  ['{{form1.pasword}}', 'The step `form1` has no output `pasword`.', 'password', '{{form1.password}}'],
  ['{{logn.csrf}}', 'No earlier step is called `logn`.', 'login', '{{login.csrf}}'],
  ['a-user {{form1.use}}', 'The step `form1` has no output `use`.', 'user', 'a-user {{form1.user}}'],
  ['{{a.b}}', 'Nothing is said.', 'c', null],
  ['{{a.b}}', 'The step `x` is not there.', 'c', null],
])('%s', (value, message, nearest, right) => {
  expect(mended(value, message, nearest)).toBe(right);
});
