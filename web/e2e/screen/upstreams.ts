// The APIs that the specs sign in to: a site with a form and one-time codes, and an authorization server with a page of its
// own. Each listens on a free port and remembers what it was sent.

import { createHash, randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What must never be found in a browser: each value that the stubs hand out begins with it. */
export const CANARY = 'canary-7d1f';
/** The one password that the stubs take. */
export const PASSWORD = `${CANARY}-password`;
/** The one code that they take. */
export const CODE = '123456';

type Handler = (request: Asked, response: ServerResponse) => unknown;

interface Asked {
  method: string;
  url: URL;
  form: URLSearchParams;
  headers: IncomingMessage['headers'];
}

/** A stub that listens. */
export class Upstream {
  readonly asked: string[] = [];
  readonly #server: Server;

  private constructor(handler: Handler) {
    this.#server = createServer((request, response) => {
      const parts: Buffer[] = [];
      request.on('data', (part: Buffer) => parts.push(part));
      request.on('end', () => {
        const url = new URL(request.url ?? '/', this.origin);
        const method = request.method ?? 'GET';
        this.asked.push(`${method} ${url.pathname}`);
        const form = new URLSearchParams(Buffer.concat(parts).toString());
        handler({ method, url, form, headers: request.headers }, response);
      });
    });
  }

  static async start(handler: Handler): Promise<Upstream> {
    const upstream = new Upstream(handler);
    await new Promise<void>((resolve) => upstream.#server.listen(0, '127.0.0.1', resolve));
    return upstream;
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  count(what: string): number {
    return this.asked.filter((asked) => asked === what).length;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

export function json(response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}): unknown {
  return response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
}

function page(response: ServerResponse, title: string, body: string): unknown {
  return response
    .writeHead(200, { 'content-type': 'text/html; charset=utf-8' })
    .end(`<!doctype html><html lang="en"><title>${title}</title><main><h1>${title}</h1>${body}</main></html>`);
}

/** A site that is signed in to with a name, a password, a CSRF token, and for `mia` a code. */
export class FormSite {
  readonly #sessions = new Map<string, string>();
  /** Whether the codes are waited for, by the session before it. */
  readonly #half = new Map<string, string>();

  upstream!: Upstream;

  static async start(): Promise<FormSite> {
    const site = new FormSite();
    site.upstream = await Upstream.start((asked, response) => site.answer(asked, response));
    return site;
  }

  /** Ends every session, as an API does that restarts. */
  expire(): void {
    this.#sessions.clear();
  }

  private answer({ method, url, form, headers }: Asked, response: ServerResponse): unknown {
    const bearer = headers.authorization?.replace('Bearer ', '') ?? '';
    const user = this.#sessions.get(bearer);
    switch (`${method} ${url.pathname}`) {
      case 'GET /login':
        return page(response, 'Login', `<form><input name="csrf" value="${CANARY}-csrf"></form>`);
      case 'POST /login': {
        const name = form.get('user') ?? '';
        if (form.get('pass') !== PASSWORD || form.get('csrf') !== `${CANARY}-csrf`) {
          return json(response, 200, { result: 'Failed' });
        }
        const token = `${CANARY}-${randomBytes(8).toString('hex')}`;
        const cookies = { 'set-cookie': `sid=${CANARY}-cookie; Path=/; HttpOnly` };
        if (name === 'mia') {
          this.#half.set(token, name);
          return json(response, 200, { result: 'Success', mfa: true, half: token, user: { id: name, name } }, cookies);
        }
        this.#sessions.set(token, name);
        return json(response, 200, { result: 'Success', token, user: { id: name, name } }, cookies);
      }
      case 'POST /code': {
        const name = this.#half.get(form.get('half') ?? '');
        if (!name || form.get('otp') !== CODE) {
          return json(response, 200, { result: 'Failed' });
        }
        const token = `${CANARY}-${randomBytes(8).toString('hex')}`;
        this.#sessions.set(token, name);
        return json(response, 200, { result: 'Success', token });
      }
      case 'POST /logout':
        this.#sessions.delete(bearer);
        return json(response, 200, {});
      case 'GET /api/me':
        return user ? json(response, 200, { name: user }) : json(response, 401, { error: 'signed out' });
      case 'GET /api/notes':
        return user
          ? json(response, 200, { notes: [`Note of ${user}`], asked: url.searchParams.get('n') })
          : json(response, 401, { error: 'signed out' });
      default:
        return json(response, 404, {});
    }
  }
}

/** An authorization server (RFC 6749, RFC 7636) whose page asks who signs in, and the API behind it. */
export class AuthorizationServer {
  readonly #codes = new Map<string, { challenge: string; user: string }>();
  readonly #tokens = new Map<string, string>();

  upstream!: Upstream;

  static async start(): Promise<AuthorizationServer> {
    const server = new AuthorizationServer();
    server.upstream = await Upstream.start((asked, response) => server.answer(asked, response));
    return server;
  }

  private answer({ method, url, form, headers }: Asked, response: ServerResponse): unknown {
    switch (`${method} ${url.pathname}`) {
      case 'GET /authorize': {
        const hidden = ['redirect_uri', 'state', 'code_challenge']
          .map((name) => `<input type="hidden" name="${name}" value="${url.searchParams.get(name) ?? ''}">`)
          .join('');
        return page(
          response,
          'Drive',
          `<form action="/decide">${hidden}<label>Name <input name="user" value="ana"></label>
           <button name="answer" value="allow">Allow</button> <button name="answer" value="deny">Deny</button></form>`,
        );
      }
      case 'GET /decide': {
        const back = new URL(url.searchParams.get('redirect_uri') ?? this.upstream.origin);
        back.searchParams.set('state', url.searchParams.get('state') ?? '');
        if (url.searchParams.get('answer') === 'deny') {
          back.searchParams.set('error', 'access_denied');
          back.searchParams.set('error_description', '<img src=x onerror="window.hurt=1"><script>window.hurt=1</script>');
        } else {
          const code = `${CANARY}-${randomBytes(8).toString('hex')}`;
          const [challenge, user] = [url.searchParams.get('code_challenge') ?? '', url.searchParams.get('user') ?? ''];
          this.#codes.set(code, { challenge, user });
          back.searchParams.set('code', code);
        }
        return response.writeHead(302, { location: back.href }).end();
      }
      case 'POST /token': {
        const grant = this.#codes.get(form.get('code') ?? '');
        const shown = createHash('sha256').update(form.get('code_verifier') ?? '').digest('base64url');
        this.#codes.delete(form.get('code') ?? '');
        if (grant?.challenge !== shown) {
          return json(response, 400, { error: 'invalid_grant' });
        }
        const token = `${CANARY}-${randomBytes(8).toString('hex')}`;
        this.#tokens.set(token, grant.user);
        return json(response, 200, { access_token: token, token_type: 'Bearer', expires_in: 3600 });
      }
      case 'GET /api/me': {
        const user = this.#tokens.get(headers.authorization?.replace('Bearer ', '') ?? '');
        return user ? json(response, 200, { user }) : json(response, 401, {});
      }
      default:
        return json(response, 404, {});
    }
  }
}
