// What a page of an app loads: it sends the app's user to the managed auth screen, and calls endpoints in the user's name.

import { Gate, outcome as gateway } from './gate.ts';
import { prompt } from './prompt.ts';
import {
  type Change,
  type Outcome,
  type Screen,
  type ScreenOptions,
  type Settings,
  SignInError,
} from './types.ts';
import { differences, isReady, visit } from './visit.ts';

export * from './types.ts';

/** What `connect` gives. */
export interface Stepgate {
  /** Opens the managed auth screen. To be called in a click's own handler: browsers open no window later. */
  openAuthScreen(options?: ScreenOptions): Promise<Outcome>;
  /** Opens it at the start where the app says so and something is left to do. */
  start(options?: ScreenOptions): Promise<Outcome | undefined>;
  /**
   * Resolves once the user is signed in to a connector. Many callers at once share one prompt.
   * @throws SignInError where the person did not sign in.
   */
  ensureSignedIn(connector: string): Promise<void>;
  /** Forgets the user's connections to a connector. */
  clear(connector: string): Promise<void>;
  /**
   * Calls an endpoint and gives the API's own answer. A call that needs a sign-in waits for it, and is then sent.
   * @throws SignInError where the person did not sign in.
   */
  call(connector: string, endpoint: string, parameters?: Record<string, unknown>): Promise<Response>;
  /** How all connectors stand for the user. */
  screen(): Promise<Screen>;
  /** Tells of connections that changed, in other windows of this page too; what it gives ends that. */
  on(event: 'change', listener: (change: Change) => void): () => void;
  /** How the screen ended that this page was left for, where it comes back from it. */
  readonly returned: Outcome | undefined;
}

/** Connects a page to Stepgate. Once a page is enough. */
export function connect(settings: Settings): Stepgate {
  const gate = new Gate(settings);
  const listeners = new Set<(change: Change) => void>();
  const windows = typeof BroadcastChannel === 'undefined' ? undefined : new BroadcastChannel('stepgate');
  /** The visit that is open: there is one at a time. */
  let visiting: Promise<Outcome> | undefined;
  /** The sign-ins that are waited for, by connector. */
  const flights = new Map<string, Promise<void>>();
  let prompts: Promise<unknown> = Promise.resolve();

  const tell = (change: Change) => listeners.forEach((listener) => listener(change));
  const changed = (connectors: string[]) => {
    if (connectors.length > 0) {
      tell({ connectors });
      windows?.postMessage({ connectors });
    }
  };
  windows?.addEventListener('message', (event: MessageEvent<Change>) => tell(event.data));

  const openAuthScreen = (options: ScreenOptions = {}): Promise<Outcome> => {
    visiting ??= visit(gate, settings, options, () => void gate.screen().then((now) => changed(differences(undefined, now))))
      .then((ended) => {
        changed(ended.changed);
        if (options.after === 'reload' && ended.changed.length > 0) {
          location.reload();
        }
        return ended;
      })
      .finally(() => (visiting = undefined));
    return visiting;
  };

  const signIn = async (connector: string): Promise<void> => {
    const asked = new AbortController();
    let now = await gate.screen();
    if (isReady(now, connector)) {
      return;
    }
    const title = now.connectors.find((one) => one.connector === connector)?.title ?? connector;
    const question = { why: 'sign_in' as const, title, signal: asked.signal };
    // Signed in elsewhere meanwhile, nobody needs to be asked any more.
    const stop = on('change', () => void gate.screen().then((later) => isReady(later, connector) && asked.abort()));
    try {
      const yes = await (settings.prompt ? settings.prompt(question) : prompt(question, settings.language));
      if (!yes) {
        now = await gate.screen();
        if (isReady(now, connector)) {
          return;
        }
        throw new SignInError(connector, 'closed');
      }
    } finally {
      stop();
    }
    // Never by leaving the page: calls wait on it.
    const ended = await openAuthScreen({ connector, mode: 'popup' });
    if (!isReady(await gate.screen(), connector)) {
      throw new SignInError(connector, ended.reason);
    }
  };

  const ensureSignedIn = (connector: string): Promise<void> => {
    let flight = flights.get(connector);
    if (!flight) {
      // One prompt at a time, for different connectors too.
      flight = prompts.then(() => signIn(connector)).finally(() => flights.delete(connector));
      prompts = flight.catch(() => undefined);
      flights.set(connector, flight);
    }
    return flight;
  };

  const on = (_: 'change', listener: (change: Change) => void) => {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  };

  return {
    openAuthScreen,
    ensureSignedIn,
    on,
    returned: returned(),
    screen: () => gate.screen(),

    async start(options = {}) {
      const now = await gate.screen();
      return now.screen_at_start && !now.ready ? openAuthScreen(options) : undefined;
    },

    async clear(connector) {
      const query = new URLSearchParams({ connector });
      const { connections } = await gate.json<{ connections: { id: string }[] }>(`/api/connections?${query}`);
      for (const { id } of connections) {
        await gate.json(`/api/connections/${encodeURIComponent(id)}/clear`, { method: 'POST' });
      }
      changed([connector]);
    },

    async call(connector, endpoint, parameters = {}) {
      const path = `/call/${encodeURIComponent(connector)}/${encodeURIComponent(endpoint)}`;
      const init = {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ parameters }),
      };
      const reply = await gate.send(path, init, connector);
      // An API's own 409 is its answer; only ours asks for a sign-in.
      if (gateway(reply) !== 'sign_in_required') {
        return reply;
      }
      await ensureSignedIn(connector);
      return gate.send(path, init, connector);
    },
  };
}

/** What the screen left in the address on the way back, which it is then taken out of. */
function returned(): Outcome | undefined {
  const [, outcome] = /^#stepgate=(done|closed)$/.exec(location.hash) ?? [];
  if (outcome !== 'done' && outcome !== 'closed') {
    return undefined;
  }
  history.replaceState(history.state, '', location.pathname + location.search);
  return { outcome, reason: outcome === 'done' ? 'ready' : 'given_up', changed: [] };
}
