// The one cache of what the API said: a session that has ended shows the sign-in page, whichever request found it out.

import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { rememberCsrf } from './client.ts';
import { ApiError } from './problem.ts';
import { sessionQuery } from './session.ts';

declare module '@tanstack/react-query' {
  interface Register {
    defaultError: ApiError;
  }
}

function noticeEnd(error: unknown): void {
  if (error instanceof ApiError && error.code === 'not_signed_in') {
    rememberCsrf(null);
    queries.setQueryData(sessionQuery.queryKey, null);
  }
}

/** The cache. */
export const queries: QueryClient = new QueryClient({
  queryCache: new QueryCache({ onError: noticeEnd }),
  mutationCache: new MutationCache({ onError: noticeEnd }),
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      // What the API refused it refuses again; a server that restarts is back soon.
      retry: (count, error) => count < 2 && error instanceof ApiError && error.problem.retry === 'later',
    },
  },
});
