// Which values of earlier steps are good for one use.

import { expect, test } from 'vitest';
import { hasStep, usedUp } from './usedUp.ts';

const STEPS = [
  { id: 'form1', kind: 'form', fields: [{ key: 'user', type: 'text' }, { key: 'otp', type: 'otp' }] },
  { id: 'agree', kind: 'callback' },
  { id: 'totp', kind: 'totp' },
  { id: 'login', kind: 'api_request' },
  { id: 'late', kind: 'form', fields: [{ key: 'otp', type: 'otp' }] },
];

test('codes of the steps before are, names and passwords and later ones are not', () => {
  expect(usedUp(STEPS, 'late')).toEqual(['form1.otp', 'agree.code', 'totp.code']);
  expect(usedUp(STEPS, 'agree')).toEqual(['form1.otp']);
  expect(usedUp(STEPS, 'form1')).toEqual([]);
  expect(usedUp(STEPS, 'nowhere')).toEqual([]);
});

test('a step that was taken out cannot be begun from', () => {
  expect(hasStep(STEPS, 'login')).toBe(true);
  expect(hasStep(STEPS, 'gone')).toBe(false);
});
