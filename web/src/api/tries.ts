// An endpoint tried out with a connection: a real call by the definition as it is saved.

import { api, data } from './client.ts';
import type { components } from './schema.ts';

type Schemas = components['schemas'];

/** What the API answered. In the description its headers have the name of a form's field, which is another type. */
export type Tried = Omit<Schemas['TriedView'], 'headers'> & { headers: Schemas['HeaderView'][] };

/** Sends it. */
export function tryEndpoint(name: string, body: Schemas['NewTry']): Promise<Tried> {
  return data<unknown>(api.POST('/api/connectors/{name}/try', { params: { path: { name } }, body })) as Promise<Tried>;
}
