// Connectors and their versions, read and written.

import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { api, data, json, yaml } from './client.ts';
import type { components } from './schema.ts';

/** A connector in the list. */
export type Connector = components['schemas']['ConnectorView'];

/** A connector with its definition. */
export type DefinitionView = components['schemas']['DefinitionView'];

/** All connectors, and what people should know of them. */
export const connectorsQuery = queryOptions({
  queryKey: ['connectors'],
  queryFn: () => data(api.GET('/api/connectors')),
});

/** One connector with its definition. */
export function connectorQuery(name: string) {
  return queryOptions({
    queryKey: ['connectors', name],
    // What is being edited is only looked at anew when it is opened.
    staleTime: Infinity,
    gcTime: 0,
    queryFn: () => json(api.GET('/api/connectors/{name}', { params: { path: { name } } })),
  });
}

/** Its versions, newest first. */
export function versionsQuery(name: string) {
  return queryOptions({
    queryKey: ['connectors', name, 'versions'],
    queryFn: () => data(api.GET('/api/connectors/{name}/versions', { params: { path: { name } } })),
  });
}

/** One version. */
export function versionQuery(name: string, version: number) {
  return queryOptions({
    queryKey: ['connectors', name, 'versions', version],
    staleTime: Infinity,
    queryFn: () =>
      json(api.GET('/api/connectors/{name}/versions/{version}', { params: { path: { name, version } } })),
  });
}

/** Example definitions to begin with. */
export const examplesQuery = queryOptions({
  queryKey: ['examples'],
  staleTime: Infinity,
  queryFn: () => data(api.GET('/api/examples')),
});

/** The JSON Schema of definitions. */
export const schemaQuery = queryOptions({
  queryKey: ['definition-schema'],
  staleTime: Infinity,
  queryFn: () => data(api.GET('/api/definition-schema')),
});

/** Makes a connector of a text. */
export function useCreate() {
  const changed = useChanged();
  return useMutation({
    mutationFn: (text: string) => data(api.POST('/api/connectors', { body: text, ...yaml })),
    onSuccess: changed,
  });
}

/** What a save needs. */
export interface Save {
  text: string;
  /** The version that was seen. */
  version: number;
  note?: string;
}

/** Saves a connector over the version that was seen. */
export function useSave(name: string) {
  const changed = useChanged();
  return useMutation({
    mutationFn: ({ text, version, note }: Save) =>
      data(
        api.PUT('/api/connectors/{name}', {
          body: text,
          bodySerializer: yaml.bodySerializer,
          headers: { ...yaml.headers, 'If-Match': `"${version}"` },
          params: { path: { name }, query: note ? { note } : {} },
        }),
      ),
    onSuccess: changed,
  });
}

/** Deletes a connector; its versions stay. */
export function useDelete() {
  const changed = useChanged();
  return useMutation({
    mutationFn: ({ connector, version }: Pick<Connector, 'connector' | 'version'>) =>
      data(
        api.DELETE('/api/connectors/{name}', {
          params: { path: { name: connector }, header: { 'If-Match': version ? `"${version}"` : '*' } },
        }),
      ),
    onSuccess: changed,
  });
}

function useChanged() {
  const queries = useQueryClient();
  return () => queries.invalidateQueries({ queryKey: connectorsQuery.queryKey, exact: true });
}
