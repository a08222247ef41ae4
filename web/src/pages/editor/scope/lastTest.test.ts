// What is remembered of tests.

import { expect, test } from 'vitest';
import type { TimelineEvent } from '../../../api/testRuns.ts';
import { merged } from './lastTest.ts';

const outputs = (step: string, at: number, ...paths: string[]): TimelineEvent => ({
  event: 'outputs',
  index: at,
  at,
  step,
  left_out: 0,
  values: paths.map((path) => ({ path, type: 'string', shown: '••••••••' })),
});

test('a step that ran again has what it left last; others keep theirs', () => {
  const first = merged({ outputs: [], steps: new Map() }, [
    outputs('form1', 1, 'form1.user'),
    outputs('login', 2, 'login.body', 'login.body.old', 'login[0]', 'login2.body'),
  ]);
  const second = merged(first, [outputs('login', 9, 'login.body')]);
  expect(second.outputs.map(({ path, at }) => [path, at])).toEqual([
    ['form1.user', 1],
    ['login2.body', 2],
    ['login.body', 9],
  ]);
});

test('how a step came out is kept over runs that do not have it', () => {
  const before = merged({ outputs: [], steps: new Map() }, [
    { event: 'step_started', index: 0, at: 0, step: 'login', kind: 'api_request' },
    { event: 'step_done', index: 1, at: 5, step: 'login', millis: 5 },
  ]);
  const after = merged(before, [{ event: 'step_started', index: 0, at: 9, step: 'renew', kind: 'api_request' }]);
  expect([...after.steps].map(([step, { state }]) => [step, state])).toEqual([
    ['login', 'done'],
    ['renew', 'running'],
  ]);
});
