// Who is signed in: asked once, kept in memory, forgotten as soon as the API says that nobody is.

import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { createContext, use } from 'react';
import { api, data, rememberCsrf } from './client.ts';
import { ApiError } from './problem.ts';
import type { components } from './schema.ts';

/** The account that is signed in. */
export type Account = components['schemas']['Account'];

const KEY = ['session'];

/** Who is signed in; null where nobody is. */
export const sessionQuery = queryOptions({
  queryKey: KEY,
  staleTime: Infinity,
  retry: false,
  async queryFn(): Promise<Account | null> {
    try {
      const account = await data(api.GET('/api/session'));
      rememberCsrf(account.csrf ?? null);
      return account;
    } catch (error) {
      if (error instanceof ApiError && error.problem.status === 401) return null;
      throw error;
    }
  },
});

/** Whether the first admin is still to be made. */
export const setUpQuery = queryOptions({
  queryKey: ['setup'],
  staleTime: Infinity,
  queryFn: () => data(api.GET('/api/setup')),
});

/** The identity providers at which our own people sign in. */
export const providersQuery = queryOptions({
  queryKey: ['sso'],
  staleTime: Infinity,
  queryFn: () => data(api.GET('/api/sso')),
});

/** Who is signed in, for all that the frame shows: it goes together with them, so that nothing in it sees nobody. */
export const AccountContext = createContext<Account | null>(null);

/** Who is signed in, on pages that only show to somebody. */
export function useAccount(): Account {
  const account = use(AccountContext);
  if (!account) throw new Error('a page for people was shown to nobody');
  return account;
}

/** Signing in; from then on the page shows what the account may see. */
export function useSignIn() {
  const begun = useBegun();
  return useMutation({
    mutationFn: (body: components['schemas']['SignIn']) => data(api.POST('/api/session', { body })),
    onSuccess: begun,
  });
}

/** Making the first admin, which signs in too. */
export function useSetUp() {
  const begun = useBegun();
  return useMutation({
    mutationFn: (body: components['schemas']['SetUp']) => data(api.POST('/api/setup', { body })),
    onSuccess: begun,
  });
}

/** Signing out; what was loaded for the account is forgotten. */
export function useSignOut() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => data(api.DELETE('/api/session')),
    onSuccess() {
      rememberCsrf(null);
      // What is taken away whole would not tell the frame, which looks at it.
      queries.setQueryData(KEY, null);
      queries.removeQueries({ predicate: (query) => query.queryKey[0] !== KEY[0] });
    },
  });
}

/** What is done where a session has begun, by whatever way. */
export function useBegun() {
  const queries = useQueryClient();
  return (account: Account) => {
    rememberCsrf(account.csrf ?? null);
    queries.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== KEY[0] });
    queries.setQueryData(KEY, account);
  };
}
