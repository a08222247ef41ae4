// A Stepgate that is made up: it answers as the server does, and remembers what it was asked.

import { vi } from 'vitest';
import type { Ask, Screen, Settings } from '../src/index.ts';

export const GATE = 'https://gate.example.org';

/** Made-up windows, and messages that come from them. */
export class FakeWindow {
  closed = false;
  location = { href: '' };
  close(): void {
    this.closed = true;
  }
  /** A message as the screen in this window sends it. */
  says(kind: string, origin = GATE, source: unknown = this): void {
    const event = new MessageEvent('message', { origin, data: { stepgate: 1, kind } });
    Object.defineProperty(event, 'source', { value: source });
    window.dispatchEvent(event);
  }
}

export class FakeGate {
  readonly asked: string[] = [];
  readonly windows: FakeWindow[] = [];
  readonly ready = new Set<string>();
  tokens = 0;
  links: unknown[] = [];
  /** Whether the browser opens windows. */
  opens = true;
  screenAtStart = false;
  /** Tokens that count, by number; left out: all. */
  only: number | undefined;

  constructor() {
    vi.stubGlobal('fetch', (url: string, init: RequestInit = {}) => Promise.resolve(this.answer(url, init)));
    vi.stubGlobal('open', () => {
      if (!this.opens) {
        return null;
      }
      const made = new FakeWindow();
      this.windows.push(made);
      return made;
    });
  }

  get window(): FakeWindow | undefined {
    return this.windows.at(-1);
  }

  settings(more: Partial<Settings> = {}): Settings {
    return {
      gate: GATE,
      link: (about) => {
        this.links.push(about);
        return Promise.resolve(`${GATE}/auth/shop?link=abc`);
      },
      token: () => {
        this.tokens += 1;
        return Promise.resolve({ token: `sg_user_${this.tokens}`, expires_at: new Date(Date.now() + 600_000).toISOString() });
      },
      prompt: (_: Ask) => Promise.resolve(true),
      ...more,
    };
  }

  private answer(url: string, init: RequestInit): Response {
    const { pathname, search } = new URL(url);
    const method = init.method ?? 'GET';
    const shown = new Headers(init.headers).get('authorization');
    this.asked.push(`${method} ${pathname}${search}`);
    if (this.only !== undefined && shown !== `Bearer sg_user_${this.only}`) {
      return this.problem(401, 'token_over');
    }
    if (pathname === '/api/screen') {
      return Response.json(this.screen());
    }
    if (pathname === '/api/connections') {
      return Response.json({ connections: [{ id: 'c_1' }, { id: 'c_2' }] });
    }
    if (pathname.endsWith('/clear')) {
      this.ready.clear();
      return new Response(null, { status: 204 });
    }
    const [, , connector] = pathname.split('/');
    if (connector === 'rude') {
      return Response.json({ error: 'taken' }, { status: 409, headers: { 'stepgate-outcome': 'upstream' } });
    }
    return this.ready.has(connector ?? '')
      ? Response.json({ told: String(init.body) }, { headers: { 'stepgate-outcome': 'upstream', 'stepgate-credential': 'sealed' } })
      : this.problem(409, 'sign_in_required');
  }

  private screen(): Screen {
    const connectors = ['wiki', 'drive'].map((connector) => ({
      connector,
      title: connector.toUpperCase(),
      host: `${connector}.example.org`,
      ready: this.ready.has(connector),
      selected: true,
      shared: false,
      accounts: [],
    }));
    return {
      app: 'shop',
      title: 'Shop',
      screen_at_start: this.screenAtStart,
      ready: connectors.every((one) => one.ready),
      connectors,
    };
  }

  private problem(status: number, code: string): Response {
    return Response.json({ code, detail: code }, { status, headers: { 'stepgate-outcome': `gateway; code=${code}` } });
  }
}
