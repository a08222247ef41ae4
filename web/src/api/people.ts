// Our own people, as admins look after them.

import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { api, data } from './client.ts';
import type { components } from './schema.ts';
import { sessionQuery } from './session.ts';

/** A person. */
export type Person = components['schemas']['PersonView'];

/** What a person may do. */
export type Role = components['schemas']['RoleName'];

/** All people. */
export const peopleQuery = queryOptions({
  queryKey: ['people'],
  queryFn: () => data(api.GET('/api/people')),
});

/** Giving somebody an account. */
export function useAddPerson() {
  const changed = useChanged();
  return useMutation({
    gcTime: 0,
    mutationFn: (body: components['schemas']['NewPerson']) => data(api.POST('/api/people', { body })),
    onSuccess: changed,
  });
}

/** Changing a person; refused where somebody else changed them since they were loaded. */
export function useChangePerson({ login, version }: Person) {
  const changed = useChanged();
  return useMutation({
    gcTime: 0,
    mutationFn: (body: components['schemas']['PersonChange']) =>
      data(
        api.PATCH('/api/people/{login}', {
          params: { path: { login } },
          headers: { 'If-Match': `"${version}"` },
          body,
        }),
      ),
    onSuccess: changed,
  });
}

/** Taking an account away. */
export function useDeletePerson(login: string) {
  const changed = useChanged();
  return useMutation({
    mutationFn: () => data(api.DELETE('/api/people/{login}', { params: { path: { login } } })),
    onSuccess: changed,
  });
}

function useChanged() {
  const queries = useQueryClient();
  return () => {
    void queries.invalidateQueries({ queryKey: peopleQuery.queryKey });
    // It may have been oneself.
    void queries.invalidateQueries({ queryKey: sessionQuery.queryKey });
  };
}
