// The first steps after set-up: how far they are, and what a person notes about them.

import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { api, data } from './client.ts';
import type { components } from './schema.ts';

/** How far they are. */
export type FirstSteps = components['schemas']['FirstSteps'];

/** What can be noted. */
type Mark = 'dismissed' | 'key_kept';

/** How far they are. */
export const firstStepsQuery = queryOptions({
  queryKey: ['first-steps'],
  queryFn: () => data(api.GET('/api/first-steps')),
});

/** Noting something, or taking the note back. */
export function useMark() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ mark, on }: { mark: Mark; on: boolean }) => {
      const at = { params: { path: { mark } } };
      return on ? data(api.PUT('/api/first-steps/{mark}', at)) : data(api.DELETE('/api/first-steps/{mark}', at));
    },
    onSuccess: () => queries.invalidateQueries({ queryKey: firstStepsQuery.queryKey }),
  });
}
