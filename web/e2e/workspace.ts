// What a test needs to be there already, made over the API: connectors, apps, keys, users' connections.

import { request, type APIRequestContext } from '@playwright/test';
import { ADMIN, type Stepgate } from './stepgate.ts';

/** The API as the admin uses it. */
export interface Workspace {
  post<T>(path: string, body?: unknown): Promise<T>;
  /** Saves a connector from its definition. */
  connector(text: string): Promise<void>;
  /** The API as the backend of an app uses it, for one user. */
  asApp(key: string, user: string): Promise<APIRequestContext>;
  close(): Promise<void>;
}

/** Signs the admin in apart from any page. */
export async function workspace(stepgate: Stepgate): Promise<Workspace> {
  const api = await request.newContext({ baseURL: stepgate.url });
  const opened: APIRequestContext[] = [api];
  const session = await api.post('/api/session', { data: ADMIN });
  const { csrf } = (await session.json()) as { csrf: string };
  const post = async <T>(path: string, options: Parameters<APIRequestContext['post']>[1]): Promise<T> => {
    const answer = await api.post(path, options);
    if (!answer.ok()) throw new Error(`${path}: ${await answer.text()}`);
    return (await answer.json()) as T;
  };
  return {
    post: (path, body = {}) => post(path, { data: body, headers: { 'Stepgate-Csrf': csrf } }),
    async connector(text) {
      await post('/api/connectors', { data: text, headers: { 'Stepgate-Csrf': csrf, 'Content-Type': 'text/yaml' } });
    },
    async asApp(key, user) {
      const asked = await request.newContext({
        baseURL: stepgate.url,
        extraHTTPHeaders: { 'Stepgate-Key': key, 'Stepgate-User': user },
      });
      opened.push(asked);
      return asked;
    },
    async close() {
      await Promise.all(opened.map((one) => one.dispose()));
    },
  };
}
