// Requests to Stepgate in the name of the app's user, by a token that is kept in memory alone.

import { GateError, type Screen, type Settings } from './types.ts';

/** A token is replaced so many milliseconds before it ends. */
const MARGIN = 30_000;

/** What is asked of Stepgate. */
export class Gate {
  readonly #base: string;
  readonly #settings: Settings;
  #token: Promise<{ text: string; until: number }> | undefined;
  /** The sealed credentials of connectors that are kept in the browser. They live as long as the page. */
  readonly #credentials = new Map<string, string>();

  constructor(settings: Settings) {
    this.#settings = settings;
    this.#base = settings.gate.replace(/\/+$/, '');
  }

  /** The origin that messages come from. */
  get origin(): string {
    return new URL(this.#base).origin;
  }

  /** The reply to a request, with a fresh token where the one before was over. */
  async send(path: string, init: RequestInit = {}, connector?: string): Promise<Response> {
    let reply = await this.#once(path, init, connector);
    if (reply.status === 401 && outcome(reply)) {
      this.#token = undefined;
      reply = await this.#once(path, init, connector);
    }
    return reply;
  }

  /** The same, read as JSON; what is refused is thrown. */
  async json<T>(path: string, init: RequestInit = {}): Promise<T> {
    const reply = await this.send(path, init);
    if (reply.ok) {
      return (reply.status === 204 ? undefined : await reply.json()) as T;
    }
    const problem = (await reply.json().catch(() => ({}))) as { code?: string; detail?: string };
    throw new GateError(reply.status, problem.code ?? 'unknown', problem.detail ?? reply.statusText);
  }

  /** How all connectors stand. */
  screen(): Promise<Screen> {
    return this.json<Screen>('/api/screen');
  }

  async #once(path: string, init: RequestInit, connector?: string): Promise<Response> {
    const headers = new Headers(init.headers);
    headers.set('authorization', `Bearer ${await this.#shown()}`);
    const kept = connector === undefined ? undefined : this.#credentials.get(connector);
    if (kept !== undefined) {
      headers.set('stepgate-credential', kept);
    }
    const reply = await fetch(this.#base + path, { ...init, headers, credentials: 'omit', cache: 'no-store' });
    const brought = reply.headers.get('stepgate-credential');
    if (connector !== undefined && brought) {
      this.#credentials.set(connector, brought);
    }
    return reply;
  }

  async #shown(): Promise<string> {
    let token = await this.#token;
    if (!token || token.until < Date.now()) {
      this.#token = this.#settings.token().then(({ token, expires_at }) => ({
        text: token,
        until: Date.parse(expires_at) - MARGIN,
      }));
      // What failed is asked for again the next time.
      this.#token.catch(() => (this.#token = undefined));
      token = await this.#token;
    }
    return token.text;
  }
}

/** The code of an answer that is Stepgate's own. */
export function outcome(reply: Response): string | undefined {
  return /^gateway(?:; *code=(\w+))?/.exec(reply.headers.get('stepgate-outcome') ?? '')?.[1];
}
