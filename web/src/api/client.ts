// The one way to the API: typed by its description, with the session's CSRF token, errors thrown as `ApiError`.

import createClient, { type Middleware } from 'openapi-fetch';
import { problemOf, unreachable } from './problem.ts';
import type { paths } from './schema.ts';

let csrf: string | null = null;

/** Tells what changes have to show from now on; kept in memory alone. */
export function rememberCsrf(token: string | null): void {
  csrf = token;
}

const showCsrf: Middleware = {
  onRequest({ request }) {
    if (csrf !== null && request.method !== 'GET') request.headers.set('Stepgate-Csrf', csrf);
    return request;
  },
  async onResponse({ response }) {
    if (!response.ok) throw await problemOf(response);
  },
  onError() {
    return unreachable();
  },
};

/** The client. Each call throws `ApiError` where it is refused, so that `data` is there. */
export const api = createClient<paths>({ baseUrl: '/', credentials: 'same-origin' });
api.use(showCsrf);

/** The data of an answer. */
export async function data<T>(answer: Promise<{ data?: T }>): Promise<T> {
  // Whatever is refused was thrown; an answer without a body is undefined by its type.
  return (await answer).data as T;
}

/** As `data`, of an answer that is a text where another form was asked for, which this page never does. */
export async function json<T>(answer: Promise<{ data?: T }>): Promise<Exclude<T, string>> {
  return (await data(answer)) as Exclude<T, string>;
}

/** A definition as the body of a request. */
export const yaml = {
  headers: { 'Content-Type': 'text/yaml' },
  bodySerializer: (text: unknown) => text as string,
} as const;
