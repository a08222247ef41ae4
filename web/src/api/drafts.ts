// What a person is writing, kept on the server until it is saved: nothing of it stands in the browser's storage.

import { queryOptions } from '@tanstack/react-query';
import { api, data } from './client.ts';
import { ApiError } from './problem.ts';
import type { components } from './schema.ts';

/** A draft with its text. */
export type Draft = components['schemas']['DraftView'];

/** What is known of a draft without its text. */
export type DraftSummary = components['schemas']['DraftSummary'];

/** The draft of this name, where there is one; looked up once, when the editor opens. */
export function draftQuery(name: string) {
  return queryOptions({
    queryKey: ['drafts', name],
    staleTime: Infinity,
    gcTime: 0,
    async queryFn(): Promise<Draft | null> {
      // Asked for by the list, as most have none, and one that is not there would be an error.
      const { drafts } = await data(api.GET('/api/drafts'));
      if (!drafts.some((draft) => draft.name === name)) return null;
      return await data(api.GET('/api/drafts/{name}', { params: { path: { name } } }));
    },
  });
}

/** What keeping a draft needs. */
export interface Keeping {
  text: string;
  /** The version of the connector that it was begun from. */
  basedOn: number;
  /** The version of the draft that was seen; null where there is none yet. */
  seen: number | null;
}

/** Keeps it; refused where another window has kept one since. */
export function keepDraft(name: string, { text, basedOn, seen }: Keeping): Promise<DraftSummary> {
  return data(
    api.PUT('/api/drafts/{name}', {
      params: { path: { name } },
      headers: seen === null ? {} : { 'If-Match': `"${seen}"` },
      body: { text, based_on: basedOn },
    }),
  );
}

/** Forgets it, whichever version it is; one that is gone already is as well. */
export async function dropDraft(name: string): Promise<void> {
  try {
    await data(api.DELETE('/api/drafts/{name}', { params: { path: { name } } }));
  } catch (error) {
    if (!(error instanceof ApiError && error.problem.status === 404)) throw error;
  }
}
