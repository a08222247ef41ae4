// Apps and their keys, read and written.

import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { api, data } from './client.ts';
import type { components } from './schema.ts';

/** A registered caller. */
export type App = components['schemas']['AppView'];

/** A connector that an app may use. */
export type Publication = components['schemas']['Publication'];

/** A key without the key itself. */
export type AppKey = components['schemas']['AppKeyView'];

/** What can be changed of an app. */
export type AppChange = components['schemas']['AppChange'];

/** All apps. */
export const appsQuery = queryOptions({
  queryKey: ['apps'],
  queryFn: () => data(api.GET('/api/apps')),
});

/** One app. */
export const appQuery = (name: string) =>
  queryOptions({
    queryKey: ['apps', name],
    queryFn: () => data(api.GET('/api/apps/{name}', { params: { path: { name } } })),
  });

/** The keys of an app. */
export const keysQuery = (name: string) =>
  queryOptions({
    queryKey: ['apps', name, 'keys'],
    queryFn: () => data(api.GET('/api/apps/{name}/keys', { params: { path: { name } } })),
  });

/** What an app makes of a connector. */
export type AppUse = components['schemas']['AppUseView'];

/** What an app makes of each connector; one that is not there was never used. */
export const usesQuery = (name: string) =>
  queryOptions({
    queryKey: ['apps', name, 'uses'],
    queryFn: () => data(api.GET('/api/apps/{name}/uses', { params: { path: { name } } })),
  });

/** Making an app. */
export function useMakeApp() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: components['schemas']['NewApp']) => data(api.POST('/api/apps', { body })),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['apps'] }),
  });
}

/** Changing an app; refused where somebody else changed it since it was loaded. */
export function useChangeApp(app: App) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: AppChange) =>
      data(
        api.PATCH('/api/apps/{name}', {
          params: { path: { name: app.name } },
          headers: { 'If-Match': `"${app.version}"` },
          body,
        }),
      ),
    onSuccess(changed) {
      queries.setQueryData(appQuery(app.name).queryKey, changed);
      void queries.invalidateQueries({ queryKey: appsQuery.queryKey, exact: true });
    },
  });
}

/** Deleting an app. */
export function useDeleteApp(name: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => data(api.DELETE('/api/apps/{name}', { params: { path: { name } } })),
    onSuccess() {
      queries.removeQueries({ queryKey: ['apps', name] });
      void queries.invalidateQueries({ queryKey: ['apps'], exact: true });
      void queries.invalidateQueries({ queryKey: ['connections'] });
    },
  });
}

/** Making a key. What comes back is not kept: it is shown once. */
export function useMakeKey(name: string) {
  const queries = useQueryClient();
  return useMutation({
    gcTime: 0,
    mutationFn: () => data(api.POST('/api/apps/{name}/keys', { params: { path: { name } } })),
    onSuccess: () => queries.invalidateQueries({ queryKey: keysQuery(name).queryKey }),
  });
}

/** Revoking a key. */
export function useRevokeKey(name: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: string) =>
      data(api.DELETE('/api/apps/{name}/keys/{id}', { params: { path: { name, id } } })),
    onSuccess: () => queries.invalidateQueries({ queryKey: keysQuery(name).queryKey }),
  });
}
