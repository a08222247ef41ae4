// How flow runs are told and found.

import { expect, test } from 'vitest';
import type { SignInRun } from '../../api/runs.ts';
import { fits, ofSignIn, ofTest } from './listed.ts';

const signIn = (part: Partial<SignInRun>): SignInRun => ({
  id: 'r1',
  connector: 'wiki',
  owner: 'shop/u1',
  state: 'waiting',
  expires_at: '2026-01-01T00:10:00Z',
  ...part,
});

test('a sign-in says whose it is, and what it waits for or failed with', () => {
  expect(ofSignIn(signIn({ waits_for: 'form', step: 'form1' }))).toMatchObject({
    app: 'shop',
    of: 'u1 of shop',
    told: 'Waits for a form to be filled in, in form1',
  });
  expect(ofSignIn(signIn({ owner: 'people/ada' }))).toMatchObject({ app: null, of: 'ada' });
  expect(ofSignIn(signIn({ owner: 'shared' }))).toMatchObject({ app: null, of: 'everybody' });
  const error = {
    code: 'sign_in_refused',
    detail: 'The wiki said no.',
    cause: 'It said no.',
    retry: 'no',
    step: 'login',
    whose_fault: 'caller',
  };
  expect(ofSignIn(signIn({ state: 'failed', error })).told).toBe('The wiki said no. (login)');
});

test('filters narrow by connector, app, state and kind; tests are one kind together', () => {
  const run = ofSignIn(signIn({}));
  const tested = ofTest({
    id: 't1',
    connector: 'wiki',
    flow: 'refresh',
    state: 'done',
    started_at: '2026-01-01T00:00:00Z',
    expires_at: '2026-01-01T00:30:00Z',
  });
  expect(fits(run, {})).toBe(true);
  expect(fits(run, { app: 'shop', connector: 'wiki', state: 'waiting', kind: 'sign_in' })).toBe(true);
  expect(fits(run, { app: 'blog' })).toBe(false);
  expect(fits(run, { state: 'failed' })).toBe(false);
  expect(fits(run, { kind: 'tests' })).toBe(false);
  expect(fits(tested, { kind: 'tests' })).toBe(true);
  expect(fits(tested, { kind: 'refresh' })).toBe(true);
  expect(fits(tested, { app: 'shop' })).toBe(false);
});
