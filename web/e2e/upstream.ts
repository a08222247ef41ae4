// An API to sign in to: by a form, and by OAuth 2 with a page of its own. It listens on a free port.

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** The one password that it takes. */
export const PASSWORD = 'canary-5e-password';

/** What every token of it begins with, so that tests find one that got out. */
export const CANARY = 'canary-5e';

/** An API that runs. */
export interface Upstream {
  url: string;
  /** Ends all sessions, as an API does that restarts. */
  expire(): void;
  stop(): Promise<void>;
}

/** Starts one. */
export async function upstream(): Promise<Upstream> {
  const sessions = new Map<string, string>();
  const issue = (user: string) => {
    const token = `${CANARY}-${user}-${sessions.size}`;
    sessions.set(token, user);
    return token;
  };
  const server = createServer((request, response) => void answer(request, response, sessions, issue));
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    expire: () => sessions.clear(),
    stop: () => stop(server),
  };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  sessions: ReadonlyMap<string, string>,
  issue: (user: string) => string,
): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://upstream');
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  const form = new URLSearchParams(Buffer.concat(parts).toString());
  const json = (status: number, body: unknown) =>
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  switch (`${request.method ?? ''} ${url.pathname}`) {
    case 'POST /login': {
      const isRight = form.get('password') === PASSWORD;
      const user = form.get('user') ?? '';
      json(isRight ? 200 : 403, isRight ? { token: issue(user), user } : { wrong: true });
      return;
    }
    case 'GET /authorize': {
      const back = new URL(url.searchParams.get('redirect_uri') ?? '');
      back.searchParams.set('code', 'code-of-olga');
      back.searchParams.set('state', url.searchParams.get('state') ?? '');
      const page = `<!doctype html><html lang="en"><title>Consent</title><main><a href="${back.href.replaceAll('&', '&amp;')}">Allow</a></main></html>`;
      response.writeHead(200, { 'content-type': 'text/html' }).end(page);
      return;
    }
    case 'POST /token':
      json(200, { access_token: issue('olga'), token_type: 'Bearer', expires_in: 3600 });
      return;
    case 'GET /me': {
      const user = sessions.get((request.headers.authorization ?? '').replace('Bearer ', ''));
      json(user === undefined ? 401 : 200, user === undefined ? { error: 'no session' } : { user });
      return;
    }
    default:
      json(404, {});
  }
}

async function stop(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}

/** A connector that is signed in to by a form. */
export const byForm = (url: string, name: string, title: string, owner: 'user' | 'shared'): string => `stepgate: 1
connector: ${name}
title: ${title}
base_url: ${url}
connection: { owner: ${owner}, identity: "{{login.body.user}}", label: "{{login.body.user}}" }
auth_flow:
  steps:
    - id: form1
      kind: form
      title: Your account
      fields:
        - { key: user, type: text, label: User name }
        - { key: password, type: password, label: Password }
    - id: login
      kind: api_request
      request:
        method: POST
        url: "{{base_url}}/login"
        form: { user: "{{form1.user}}", password: "{{form1.password}}" }
      expect: { value: "{{login.status}}", equals: 200, else: The wiki did not accept this name and password. }
      on_fail: { back_to: form1, attempts: 3 }
request_parameters:
  - { in: header, name: Authorization, value: "Bearer {{login.body.token}}" }
test_api:
  name: Who am I
  request: { method: GET, url: "{{base_url}}/me" }
  expect: { value: "{{response.status}}", equals: 200 }
`;

/** A connector that is signed in to by a page of the API. */
export const byPage = (url: string): string => `stepgate: 1
connector: calendar
title: Calendar
base_url: ${url}
connection: { owner: shared }
secrets: [client_secret]
auth_flow:
  steps:
    - id: tokens
      kind: oauth2_pkce
      authorization_url: "{{base_url}}/authorize"
      token_url: "{{base_url}}/token"
      client_id: web
      client_secret: "{{secrets.client_secret}}"
request_parameters:
  - { in: header, name: Authorization, value: "Bearer {{tokens.access_token}}" }
test_api:
  name: Who am I
  request: { method: GET, url: "{{base_url}}/me" }
  expect: { value: "{{response.status}}", equals: 200 }
`;
