// An API that means harm, or has been taken over: it puts markup wherever a reply has room for text.

import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What hurts where it is taken for markup: it leaves a trace in the window. */
export const MARKUP = '<img src=x onerror="window.hurt=1"><script>window.hurt=1</script>';

/** The API. */
export class Hostile {
  private constructor(private readonly server: Server) {}

  static async start(): Promise<Hostile> {
    const server = createServer((request, response) => {
      const url = new URL(request.url ?? '/', 'http://hostile');
      if (url.pathname === '/authorize') {
        const back = new URL(url.searchParams.get('redirect_uri') ?? '');
        back.searchParams.set('state', url.searchParams.get('state') ?? '');
        back.searchParams.set('error', 'access_denied');
        back.searchParams.set('error_description', MARKUP);
        response.writeHead(302, { location: back.href }).end();
        return;
      }
      // Markup in the values and in the names, as HTML that says it is JSON.
      const body = JSON.stringify({ [MARKUP]: MARKUP, message: MARKUP });
      response.writeHead(403, { 'content-type': 'application/json', 'x-said': MARKUP }).end(body);
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    return new Hostile(server);
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((closed) => this.server.close(closed));
  }
}

/** A connector to it, with markup in every text that people read, and both ways to fail. */
export const hostile = (url: string): string => `stepgate: 1
connector: hostile
title: ${JSON.stringify(MARKUP)}
base_url: ${url}
auth_flow:
  steps:
    - id: form1
      kind: form
      title: ${JSON.stringify(MARKUP)}
      text: ${JSON.stringify(MARKUP)}
      fields: [{ key: password, type: password, label: Password, help: ${JSON.stringify(MARKUP)} }]
    - id: login
      kind: api_request
      request: { method: POST, url: "{{base_url}}/login", form: { password: "{{form1.password}}" } }
      expect: { value: "{{login.status}}", in: [200, 403] }
    - { id: oauth, kind: oauth2_pkce, authorization_url: "{{base_url}}/authorize", token_url: "{{base_url}}/token", client_id: web, client_auth: none }
`;
