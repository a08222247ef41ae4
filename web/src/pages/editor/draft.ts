// Keeps what is typed as a draft on the server, after each pause; one request at a time, the newest text last.

import { dropDraft, keepDraft } from '../../api/drafts.ts';
import { ApiError } from '../../api/problem.ts';

/** How long typing rests before it is kept, in milliseconds. */
const REST = 1500;

/** How a draft stands: as typed, being kept, kept since a moment, or not kept and why. */
export type Kept =
  | { state: 'none' }
  | { state: 'waiting' }
  | { state: 'kept'; at: string }
  | { state: 'failed'; error: ApiError };

/** What it does with the server, and when. */
export interface Ways {
  keep: typeof keepDraft;
  drop: typeof dropDraft;
  later: (act: () => void, millis: number) => () => void;
}

const WAYS: Ways = {
  keep: keepDraft,
  drop: dropDraft,
  later(act, millis) {
    const timer = setTimeout(act, millis);
    return () => clearTimeout(timer);
  },
};

/** The draft of one connector. */
export class DraftKeeper {
  private kept: Kept = { state: 'none' };
  private seen: number | null = null;
  private wanted: { text: string; basedOn: number } | null = null;
  private forget: (() => void) | null = null;
  private sending: Promise<void> | null = null;
  private readonly listeners = new Set<() => void>();

  constructor(
    private readonly name: string,
    private readonly ways: Ways = WAYS,
  ) {}

  /** For React: calls back at each change. */
  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** For React: how it stands. */
  readonly current = (): Kept => this.kept;

  /** Goes on with a draft that was found. */
  goOn(version: number, at: string): void {
    this.seen = version;
    this.tell({ state: 'kept', at });
  }

  /** This is what is to be kept now; sent once the typing rests. */
  type(text: string, basedOn: number): void {
    this.wanted = { text, basedOn };
    this.tell({ state: 'waiting' });
    this.forget?.();
    this.forget = this.ways.later(() => void this.flush(), REST);
  }

  /** Sends what waits, at once. */
  async flush(): Promise<void> {
    this.forget?.();
    this.forget = null;
    while (this.sending !== null) await this.sending;
    const { wanted } = this;
    if (wanted === null) return;
    this.wanted = null;
    this.sending = this.send(wanted.text, wanted.basedOn);
    await this.sending;
    this.sending = null;
    // More was typed meanwhile, and is sent when it rests.
  }

  /** It is saved, or given up: nothing is to be kept any more. */
  async drop(): Promise<void> {
    this.forget?.();
    this.forget = null;
    this.wanted = null;
    while (this.sending !== null) await this.sending;
    const isThere = this.seen !== null;
    this.seen = null;
    this.tell({ state: 'none' });
    if (isThere) await this.ways.drop(this.name).catch(() => undefined);
  }

  private async send(text: string, basedOn: number): Promise<void> {
    try {
      const { version, updated_at } = await this.ways.keep(this.name, { text, basedOn, seen: this.seen });
      this.seen = version;
      if (this.wanted === null) this.tell({ state: 'kept', at: updated_at });
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      // Another window has saved or discarded it: the next pause makes a new one.
      if (error.problem.status === 404) this.seen = null;
      this.tell({ state: 'failed', error });
    }
  }

  private tell(kept: Kept): void {
    this.kept = kept;
    this.listeners.forEach((listener) => listener());
  }
}
