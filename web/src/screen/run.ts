// One sign-in as the server has it: followed by its events, and asked for when the window is looked at again.

/** What an event tells of a sign-in, as far as the screen looks at it. */
interface Told {
  state: string;
  waiting_for?: Record<string, unknown>;
}

/** How soon it is asked again where there are no events, in milliseconds. */
const AGAIN = 2000;

export class Run {
  readonly id: string | undefined;
  /** The address of its page. */
  readonly at: string;
  readonly #changed: (at: string) => void;
  readonly #events: EventSource;
  readonly #looks = (): void => {
    if (document.visibilityState === 'visible') {
      this.look();
    }
  };
  #shown = '';
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(root: HTMLElement, changed: (at: string) => void) {
    this.id = root.dataset.run;
    this.at = root.dataset.at ?? location.pathname;
    this.#changed = changed;
    this.#events = new EventSource(`/api/runs/${encodeURIComponent(this.id ?? '')}`);
    this.#events.addEventListener('run', (event: MessageEvent<string>) => this.#told(JSON.parse(event.data) as Told));
    this.#events.addEventListener('error', () => {
      // The stream ends with the sign-in, and where too many wait there is none.
      this.#events.close();
      this.#later();
    });
    document.addEventListener('visibilitychange', this.#looks);
    window.addEventListener('focus', this.#looks);
  }

  /** What the page shows now. */
  shows(root: HTMLElement): void {
    this.#shown = mark(root.dataset.state ?? '', root.querySelector<HTMLInputElement>('[name=step]')?.value ?? '');
    if (root.dataset.state === 'working') {
      // What it came to may have been told while its page was on the way.
      this.#later();
    }
  }

  /** Asks how it stands, where that may have changed unseen. */
  look(): void {
    if (this.#shown.startsWith('form') || this.#shown.startsWith('confirm')) {
      return;
    }
    fetch(`/api/runs/${encodeURIComponent(this.id ?? '')}`)
      .then((reply) => reply.json())
      .then((told: Told) => this.#told(told))
      .catch(() => undefined);
  }

  stop(): void {
    this.#events.close();
    clearTimeout(this.#timer);
    document.removeEventListener('visibilitychange', this.#looks);
    window.removeEventListener('focus', this.#looks);
  }

  #later(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.look();
    }, AGAIN);
  }

  #told(told: Told): void {
    const kind = Object.keys(told.waiting_for ?? {})[0];
    const names: Record<string, string> = { confirm_identity: 'confirm' };
    const form = told.waiting_for?.form as { step?: string } | undefined;
    const now = mark(kind === undefined ? told.state : (names[kind] ?? kind), form?.step ?? '');
    // What was just sent is answered by its own page.
    if (now === this.#shown || now === 'working ') {
      if (now === 'working ' && this.#events.readyState === EventSource.CLOSED) {
        this.#later();
      }
      return;
    }
    this.#changed(this.at);
  }
}

function mark(state: string, step: string): string {
  return `${state} ${step}`;
}
