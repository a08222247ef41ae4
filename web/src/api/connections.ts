// Connections: listed, looked at, and what can be done to one.

import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { api, data } from './client.ts';
import type { components } from './schema.ts';

/** One signed-in account of one owner at one connector. */
export type Connection = components['schemas']['ConnectionView'];

/** Which connections are asked for. */
export interface ConnectionFilter {
  connector?: string;
  environment?: string;
  /** The whole owner, such as `shop/u123`. */
  owner?: string;
}

/** Connections, a page at a time. */
export const connectionsQuery = (filter: ConnectionFilter) =>
  infiniteQueryOptions({
    queryKey: ['connections', 'list', filter],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam: after }) => data(api.GET('/api/connections', { params: { query: { ...filter, after } } })),
    getNextPageParam: (page) => page.next ?? undefined,
  });

/** One connection. */
export const connectionQuery = (id: string) =>
  queryOptions({
    queryKey: ['connections', 'one', id],
    queryFn: () => data(api.GET('/api/connections/{id}', { params: { path: { id } } })),
  });

function useAct<Given, Told>(act: (given: Given) => Promise<Told>) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: act,
    // Whatever came of it: a test renews, a refused renewal ends a session. What came of it is told at once.
    onSettled: () => void queries.invalidateQueries({ queryKey: ['connections'] }),
  });
}

const at = (id: string) => ({ params: { path: { id } } });

/** Sends the test API. */
export const useTestConnection = () =>
  useAct((id: string) => data(api.POST('/api/connections/{id}/test', at(id))));

/** Renews the session now. */
export const useRenewConnection = () =>
  useAct((id: string) => data(api.POST('/api/connections/{id}/renew', at(id))));

/** Ends the session at the API where that is possible, and forgets the connection. */
export const useSignOutConnection = () =>
  useAct((id: string) => data(api.POST('/api/connections/{id}/sign-out', at(id))));

/** Forgets the connection; nothing is sent. */
export const useClearConnection = () =>
  useAct((id: string) => data(api.POST('/api/connections/{id}/clear', at(id))));

/** Makes a link by which the user whose it is signs in again. What comes back is not kept. */
export function useMakeSignInLink() {
  return useMutation({
    gcTime: 0,
    mutationFn: (id: string) => data(api.POST('/api/connections/{id}/sign-in-link', at(id))),
  });
}

/** Gives it a name; null takes the name away. */
export const useNameConnection = () =>
  useAct(({ id, name }: { id: string; name: string | null }) =>
    data(api.PATCH('/api/connections/{id}', { ...at(id), body: { name } })),
  );
