// How long a test run is asked for anew.

import { expect, test } from 'vitest';
import { testQuery } from './runs.ts';

/** What it comes to, where the server has told this state last. */
function again(state?: string): unknown {
  const { refetchInterval } = testQuery('one');
  const query = { state: { data: state === undefined ? undefined : { state } } };
  return typeof refetchInterval === 'function' ? refetchInterval(query as never) : refetchInterval;
}

test.each([[undefined], ['working'], ['waiting']])('one that is %s goes on', (state) => {
  expect(again(state)).toBe(5_000);
});

test.each([['done'], ['failed'], ['cancelled']])('one that is %s has told all', (state) => {
  expect(again(state)).toBe(false);
});
