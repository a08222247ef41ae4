// Which of the first steps are done.

import { expect, test } from 'vitest';
import type { FirstSteps } from '../../api/firstSteps.ts';
import { areShown, doneOf } from './steps.ts';

const HERE = 'https://gate.example.org';
const finding = { what: 'key', sound: true, detail: '' };
const all: FirstSteps = {
  dismissed: false,
  public_url: HERE,
  address: null,
  key: finding,
  key_kept: true,
  example: null,
  signed_in: true,
};

test('they are gone once all is done, or once they are dismissed', () => {
  expect(areShown(all, HERE)).toBe(false);
  expect(areShown({ ...all, signed_in: false }, HERE)).toBe(true);
  expect(areShown({ ...all, signed_in: false, dismissed: true }, HERE)).toBe(false);
});

test('the address is right where the page was found by it, and may keep a sign-in', () => {
  expect(doneOf(all, HERE).address).toBe(true);
  expect(doneOf(all, 'http://10.0.0.1:8080').address).toBe(false);
  expect(doneOf({ ...all, address: { ...finding, sound: false } }, HERE).address).toBe(false);
});
