// Setting one's password by a link from an admin: whose it is, and using it, which signs in too.

import { queryOptions, useMutation } from '@tanstack/react-query';
import { api, data } from './client.ts';
import type { components } from './schema.ts';
import { useBegun } from './session.ts';

/** Whose password a link sets. It is kept for as long as the page shows it. */
export const setUpForQuery = (ticket: string) =>
  queryOptions({
    queryKey: ['set-up-link', ticket],
    staleTime: Infinity,
    gcTime: 0,
    queryFn: () => data(api.POST('/api/set-up-link', { body: { ticket } })),
  });

/** Sets the password; from then on the page shows what the account may see. */
export function useJoin() {
  const begun = useBegun();
  return useMutation({
    gcTime: 0,
    mutationFn: (body: components['schemas']['SetUpPassword']) => data(api.PUT('/api/set-up-link/password', { body })),
    onSuccess: begun,
  });
}
