// The secrets of a connector: set and removed, never read.

import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { api, data } from './client.ts';
import type { components } from './schema.ts';

/** A secret without its value. */
export type Secret = components['schemas']['SecretView'];

/** Whose secrets; an environment left out is the one without a name. */
export interface SecretPlace {
  connector: string;
  environment?: string;
}

const KEY = 'secrets';

/** Which there are, and which of them are set. */
export const secretsQuery = ({ connector: name, environment }: SecretPlace) =>
  queryOptions({
    queryKey: [KEY, name, environment ?? null],
    queryFn: () =>
      data(api.GET('/api/connectors/{name}/secrets', { params: { path: { name }, query: { environment } } })),
  });

/** Setting one. The value goes out and is forgotten. */
export function useSetSecret({ connector: name, environment }: SecretPlace) {
  const queries = useQueryClient();
  return useMutation({
    gcTime: 0,
    mutationFn: ({ secret, value }: { secret: string; value: string }) =>
      data(
        api.PUT('/api/connectors/{name}/secrets/{secret}', {
          params: { path: { name, secret }, query: { environment } },
          body: { value },
        }),
      ),
    onSuccess: () => void queries.invalidateQueries({ queryKey: [KEY, name] }),
  });
}

/** Removing one from the store. */
export function useRemoveSecret({ connector: name, environment }: SecretPlace) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (secret: string) =>
      data(
        api.DELETE('/api/connectors/{name}/secrets/{secret}', {
          params: { path: { name, secret }, query: { environment } },
        }),
      ),
    onSuccess: () => void queries.invalidateQueries({ queryKey: [KEY, name] }),
  });
}
