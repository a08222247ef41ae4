// What first passwords are like.

import { expect, test } from 'vitest';
import { firstPassword } from './firstPassword.ts';

test('each is another, long, and can be read out', () => {
  const made = Array.from({ length: 50 }, () => firstPassword());
  expect(new Set(made).size).toBe(50);
  for (const password of made) expect(password).toMatch(/^([a-km-zA-HJ-NP-Z2-9]{5}-){3}[a-km-zA-HJ-NP-Z2-9]{5}$/);
});

test('bytes that would favour a letter are thrown away', () => {
  const bytes = [255, 254, 0, ...Array.from({ length: 19 }, () => 1)];
  const password = firstPassword((into) => (into[0] = bytes.shift() ?? 0));
  expect(password).toBe('abbbb-bbbbb-bbbbb-bbbbb');
});
