// Flow runs: the sign-ins of everybody, and the tests of whoever asks.

import { queryOptions, useQuery } from '@tanstack/react-query';
import { api, data } from './client.ts';
import type { components } from './schema.ts';
import { hasEnded, lookAtTest, type TestRunWithEvents } from './testRuns.ts';

/** A sign-in in the list. */
export type SignInRun = components['schemas']['RunSummary'];

/** How long a list is looked at before it is asked for anew, in milliseconds: a sign-in goes on by itself. */
const AGAIN = 5_000;

/** Sign-ins, newest first; each is forgotten some minutes after it was started. */
const signInsQuery = queryOptions({
  queryKey: ['runs', 'sign-ins'],
  refetchInterval: AGAIN,
  queryFn: () => data(api.GET('/api/runs')),
});

/** The own test runs, newest first; each is held for half an hour. */
const testsQuery = queryOptions({
  queryKey: ['runs', 'tests'],
  refetchInterval: AGAIN,
  queryFn: () => data(api.GET('/api/test-runs')),
});

/** Both lists, asked for together; each is undefined until it has come once. */
export function useFlowRuns() {
  const signIns = useQuery(signInsQuery);
  const tests = useQuery(testsQuery);
  return {
    signIns: signIns.data?.runs,
    tests: tests.data?.test_runs,
    error: signIns.error ?? tests.error,
    refetch: () => {
      void signIns.refetch();
      void tests.refetch();
    },
  };
}

/** A test run of one's own, with all that happened in it. */
export const testQuery = (id: string) =>
  queryOptions({
    queryKey: ['runs', 'tests', id],
    // What was said of it stays in memory no longer than it is looked at.
    gcTime: 0,
    // Nothing more happens in one that has ended.
    refetchInterval: ({ state: { data: told } }: { state: { data?: TestRunWithEvents } }) => (told && hasEnded(told) ? false : AGAIN),
    queryFn: () => lookAtTest(id),
  });
