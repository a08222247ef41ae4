// What a template may name in a place of a definition, as the server's checker sees it.

import { api, data } from './client.ts';
import type { components } from './schema.ts';

/** The names and filters of a place. */
export type Names = components['schemas']['ScopeView'];

/** Asks for them; null where the text is too broken to tell. */
export async function namesAt(place: components['schemas']['Asked']): Promise<Names | null> {
  try {
    return await data(api.POST('/api/scope', { body: place }));
  } catch {
    return null;
  }
}
