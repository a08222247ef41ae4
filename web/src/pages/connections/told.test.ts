// How connections and what is done to them are told.

import { expect, test } from 'vitest';
import { owner, signedOut, tested } from './told.ts';

test.each([
  [{ owner: 'shop/u1', app: 'shop', user: 'u1' }, 'u1 of shop'],
  [{ owner: 'shared' }, 'everybody'],
  [{ owner: 'local' }, 'the command line'],
  [{ owner: 'people/ada' }, 'ada'],
])('%o is of %s', (connection, told) => {
  expect(owner(connection)).toBe(told);
});

test('a test that renewed says so, one that failed says why', () => {
  const test = { name: 'Who am I', status: 200, ok: true, renewed: true };
  expect(tested(test)).toBe('It works: “Who am I” answered 200. The session was over and has been renewed for it.');
  expect(tested({ ...test, ok: false, status: 403, renewed: false, why: 'Not yours.' })).toBe(
    'It does not work: “Who am I” answered 403. Not yours.',
  );
});

test('a session that goes on at the API is not hidden', () => {
  expect(signedOut({ outcome: 'not_revoked', why: 'It answered 500.' })).toBe(
    'Signed out here. The API did not revoke the tokens. It answered 500.',
  );
});
