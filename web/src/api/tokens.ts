// One's own personal API tokens.

import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { api, data } from './client.ts';
import type { components } from './schema.ts';

/** A token without the token itself. */
export interface Token {
  id: string;
  name: string;
  created_at: string;
  last_used_at?: string | null;
  expires_at?: string | null;
}

/** One's tokens. */
export const tokensQuery = queryOptions({
  queryKey: ['tokens'],
  queryFn: () => data(api.GET('/api/tokens')),
});

/** Making a token. What comes back is not kept: it is shown once. */
export function useMakeToken() {
  const queries = useQueryClient();
  return useMutation({
    gcTime: 0,
    mutationFn: (body: components['schemas']['NewToken']) => data(api.POST('/api/tokens', { body })),
    onSuccess: () => void queries.invalidateQueries({ queryKey: tokensQuery.queryKey }),
  });
}

/** Revoking a token. */
export function useRevokeToken() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => data(api.DELETE('/api/tokens/{id}', { params: { path: { id } } })),
    onSuccess: () => void queries.invalidateQueries({ queryKey: tokensQuery.queryKey }),
  });
}
