// One visit to the managed auth screen, in a popup or a frame: opened at the click, followed by exact-origin messages, ended
// by what the server says.

import type { Gate } from './gate.ts';
import { modal, prompt } from './prompt.ts';
import type { Ask, Outcome, Screen, ScreenOptions, Settings } from './types.ts';

/** How often it is looked whether a window is still there, in milliseconds. */
const LOOK = 400;
/** How often the server is asked while a window cannot be seen. */
const ASK = 1500;
const FEATURES = 'popup,width=560,height=760';

/** What the screen says to the page that opened it. */
export interface Message {
  stepgate: 1;
  /** It is there; it goes on at an API's page; something changed; the person is through. */
  kind: 'here' | 'away' | 'changed' | 'finished';
}

interface Place {
  /** Who messages have to come from. */
  source: () => MessageEventSource | null;
  go: (url: string) => void;
  gone: () => boolean;
  close: () => void;
}

/** Goes through with it. Up to the opening it does not wait, so that the window counts as opened by the click. */
export async function visit(
  gate: Gate,
  settings: Settings,
  options: ScreenOptions,
  changed: () => void,
): Promise<Outcome> {
  const mode = options.mode ?? 'auto';
  let place = mode === 'redirect' || (mode === 'auto' && isPhone()) ? undefined : open(mode);
  const before = gate.screen().catch(() => undefined);
  const asked = new AbortController();
  const ask = (why: Ask['why'], title?: string) => {
    const question: Ask = { why, signal: asked.signal, ...(title === undefined ? {} : { title }) };
    return settings.prompt ? settings.prompt(question) : prompt(question, settings.language);
  };
  try {
    if (!place && mode === 'popup') {
      if (!(await ask('blocked'))) {
        return { outcome: 'failed', reason: 'blocked', changed: [] };
      }
      place = open(mode);
    }
    const known = await before;
    // A link is used once, so that each way there needs its own.
    const link = async (leaves: boolean) => {
      const about = options.connector === undefined ? {} : { connector: options.connector };
      const url = new URL(await settings.link({ ...about, leaves }));
      if (url.origin !== gate.origin) {
        throw new Error('The link does not lead to Stepgate.');
      }
      url.searchParams.set('host', location.origin);
      return url.href;
    };
    if (!place) {
      location.assign(await link(true));
      return await new Promise<never>(() => undefined);
    }
    place.go(await link(false));
    return await follow(place);

    async function follow(first: Place): Promise<Outcome> {
      let current = first;
      let last: Message['kind'] | undefined;
      let finished = false;
      const listen = (event: MessageEvent<Message | undefined>) => {
        // Another origin, or another window of this one, is not the screen that was opened.
        if (event.origin !== gate.origin || event.source !== current.source() || event.data?.stepgate !== 1) {
          return;
        }
        last = event.data.kind;
        finished ||= last === 'finished';
        if (last === 'changed') {
          changed();
        }
      };
      addEventListener('message', listen);
      try {
        for (;;) {
          await until(() => finished || current.gone());
          const outcome = told(known, await gate.screen(), options.connector, finished);
          if (outcome.outcome === 'done' || finished || last === 'here' || last === 'changed') {
            return outcome;
          }
          // On an API's page it cannot be seen whether a window was closed or cut off from us: the server knows.
          const again = await Promise.race([ask('closed'), ready()]);
          if (again !== true) {
            return told(known, await gate.screen(), options.connector, false);
          }
          const reopened = open(mode);
          if (!reopened) {
            return { outcome: 'failed', reason: 'blocked', changed: [] };
          }
          current = reopened;
          last = undefined;
          current.go(await link(false));
        }
      } finally {
        removeEventListener('message', listen);
        current.close();
      }
    }

    /** Resolves once nothing is left to do, whatever became of the window. */
    async function ready(): Promise<undefined> {
      while (!asked.signal.aborted) {
        await new Promise((resolve) => setTimeout(resolve, ASK));
        const now = await gate.screen().catch(() => undefined);
        if (now && isReady(now, options.connector)) {
          return;
        }
      }
    }
  } catch (error) {
    return { outcome: 'failed', reason: error instanceof Error ? error.message : String(error), changed: [] };
  } finally {
    asked.abort();
    place?.close();
  }
}

/** Whether nothing is left to do, at one connector or at all that the screen asks for. */
export function isReady(screen: Screen, connector?: string): boolean {
  return connector === undefined
    ? screen.ready
    : screen.connectors.some((one) => one.connector === connector && one.ready);
}

/** The connectors whose connections differ. */
export function differences(before: Screen | undefined, now: Screen): string[] {
  const marks = (screen: Screen | undefined) =>
    new Map(screen?.connectors.map((one) => [one.connector, JSON.stringify([one.ready, one.accounts])]));
  const old = marks(before);
  return [...marks(now)].filter(([name, mark]) => before && old.get(name) !== mark).map(([name]) => name);
}

function told(before: Screen | undefined, now: Screen, connector: string | undefined, finished: boolean): Outcome {
  const changed = differences(before, now);
  if (isReady(now, connector)) {
    return { outcome: 'done', reason: 'ready', changed };
  }
  return { outcome: 'closed', reason: finished ? 'given_up' : 'closed', changed };
}

function open(mode: string): Place | undefined {
  if (mode === 'iframe') {
    const { dialog, add } = modal('');
    const frame = add('iframe');
    frame.title = 'Stepgate';
    frame.allow = 'clipboard-write';
    Object.assign(frame.style, { border: '0', width: 'min(560px, 86vw)', height: 'min(720px, 80vh)', display: 'block' });
    let gone = false;
    dialog.addEventListener('close', () => (gone = true));
    dialog.showModal();
    return {
      source: () => frame.contentWindow,
      go: (url) => (frame.src = url),
      gone: () => gone,
      close: () => dialog.remove(),
    };
  }
  const popup = window.open('about:blank', '_blank', FEATURES);
  return popup
    ? {
        source: () => popup,
        go: (url) => (popup.location.href = url),
        gone: () => popup.closed,
        close: () => popup.close(),
      }
    : undefined;
}

function until(holds: () => boolean): Promise<void> {
  return new Promise((resolve) => {
    const look = setInterval(() => {
      if (holds()) {
        clearInterval(look);
        resolve();
      }
    }, LOOK);
  });
}

function isPhone(): boolean {
  return /Android|iPhone|iPad|Mobile/.test(navigator.userAgent);
}
