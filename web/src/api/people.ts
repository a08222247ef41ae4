// Our own people, as admins look after them.

import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { api, data } from './client.ts';
import type { components } from './schema.ts';
import { sessionQuery } from './session.ts';

/** A person. */
export type Person = components['schemas']['PersonView'];

/** A link by which a person sets a password. */
export type SetUpLink = components['schemas']['SetUpLinkView'];

/** Whom a person is at an identity provider. */
export type Identity = components['schemas']['LinkedView'];

/** What a person may do. */
export type Role = components['schemas']['RoleName'];

/** All people. */
export const peopleQuery = queryOptions({
  queryKey: ['people'],
  queryFn: () => data(api.GET('/api/people')),
});

/** The sessions of a person. */
export const sessionsOfQuery = (login: string) =>
  queryOptions({
    queryKey: ['people', login, 'sessions'],
    queryFn: () => data(api.GET('/api/people/{login}/sessions', at(login))),
  });

/** Giving somebody an account; without a password the answer has a link. */
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
    mutationFn: () => data(api.DELETE('/api/people/{login}', at(login))),
    onSuccess: changed,
  });
}

/** Making a link by which a person sets a new password. */
export function useMakeSetUpLink(login: string) {
  const changed = useChanged();
  return useMutation({
    gcTime: 0,
    mutationFn: () => data(api.POST('/api/people/{login}/set-up-link', at(login))),
    onSuccess: changed,
  });
}

/** Taking that link back. */
export function useRevokeSetUpLink(login: string) {
  const changed = useChanged();
  return useMutation({
    mutationFn: () => data(api.DELETE('/api/people/{login}/set-up-link', at(login))),
    onSuccess: changed,
  });
}

/** Ending one of a person's sessions, or all of them. */
export function useEndSessionsOf(login: string) {
  const changed = useChanged();
  return useMutation({
    mutationFn: (id: string | null) =>
      id === null
        ? data(api.DELETE('/api/people/{login}/sessions', at(login)))
        : data(api.DELETE('/api/people/{login}/sessions/{id}', { params: { path: { login, id } } })),
    onSuccess: changed,
  });
}

/** Parting a person from their account at an identity provider. */
export function useUnlinkPerson(login: string) {
  const changed = useChanged();
  return useMutation({
    mutationFn: (id: string) =>
      data(api.DELETE('/api/people/{login}/identities/{id}', { params: { path: { login, id } } })),
    onSuccess: changed,
  });
}

const at = (login: string) => ({ params: { path: { login } } });

function useChanged() {
  const queries = useQueryClient();
  return () => {
    void queries.invalidateQueries({ queryKey: peopleQuery.queryKey });
    // It may have been oneself.
    void queries.invalidateQueries({ queryKey: sessionQuery.queryKey });
  };
}
