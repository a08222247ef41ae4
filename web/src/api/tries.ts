// An endpoint tried out with a connection: a real call by the definition as it is saved.

import { api, data } from './client.ts';
import type { components } from './schema.ts';

type Schemas = components['schemas'];

/** What the API answered. */
export type Tried = Schemas['TriedView'];

/** Sends it. */
export function tryEndpoint(name: string, body: Schemas['NewTry']): Promise<Tried> {
  return data(api.POST('/api/connectors/{name}/try', { params: { path: { name } }, body }));
}
