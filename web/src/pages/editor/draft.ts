// Keeps what is typed as a draft on the server, after each pause; one request at a time, the newest text last.

import { dropDraft, keepDraft } from '../../api/drafts.ts';
import { ApiError } from '../../api/problem.ts';

/** How long typing rests before it is kept, in milliseconds. */
const REST = 1500;

/** How long after a refusal it is tried again, in milliseconds. */
const AGAIN = 10_000;

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

/** What was typed and is no draft of the server's, such as where the session had ended. */
export interface Unkept {
  text: string;
  based_on: number;
  /** That of the draft it was typed over. */
  version: number | null;
  updated_at: string;
}

/** What is to be kept. */
interface Wanted {
  text: string;
  basedOn: number;
}

/** The draft of one connector. */
export class DraftKeeper {
  private kept: Kept = { state: 'none' };
  private seen: number | null = null;
  /** What is not kept yet; one that was refused stays here. */
  private wanted: Wanted | null = null;
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

  /** Goes on with what was found; its version as a draft is null where it could not be kept as one. */
  goOn(version: number | null, at: string): void {
    this.seen = version;
    this.tell({ state: 'kept', at });
  }

  /** This is what is to be kept now; sent once the typing rests. */
  type(text: string, basedOn: number): void {
    this.wanted = { text, basedOn };
    this.tell({ state: 'waiting' });
    this.flushIn(REST);
  }

  /** Sends what waits or was refused, at once. More that is typed meanwhile is sent when it rests. */
  async flush(): Promise<void> {
    this.rest();
    await this.inTurn(async () => {
      if (this.wanted !== null) await this.send(this.wanted);
    });
  }

  /** It is saved, or given up: nothing is to be kept any more, but for what is typed from now on. */
  async drop(): Promise<void> {
    this.rest();
    this.wanted = null;
    await this.inTurn(async () => {
      if (this.wanted === null) this.tell({ state: 'none' });
      if (this.seen === null) return;
      try {
        await this.ways.drop(this.name);
        this.seen = null;
      } catch (error) {
        // It is still there, and the next one that is kept goes over it.
        if (!(error instanceof ApiError)) throw error;
      }
    });
  }

  /** What is not kept yet need not be. */
  giveUp(): void {
    this.rest();
    this.wanted = null;
  }

  /** Nobody edits it here any more; what could not be kept, where there is such. */
  stop(): Unkept | null {
    this.rest();
    if (this.wanted === null) return null;
    const { text, basedOn: based_on } = this.wanted;
    return { text, based_on, version: this.seen, updated_at: new Date().toISOString() };
  }

  private async send(sent: Wanted): Promise<void> {
    try {
      const { version, updated_at } = await this.ways.keep(this.name, { ...sent, seen: this.seen });
      this.seen = version;
      if (this.wanted !== sent) return;
      this.wanted = null;
      this.tell({ state: 'kept', at: updated_at });
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      // Another window has saved or discarded it: the next try makes a new one.
      const isGone = error.problem.status === 404;
      if (isGone) this.seen = null;
      if (this.wanted !== sent) return;
      this.tell({ state: 'failed', error });
      if (isGone || error.problem.retry === 'later') this.flushIn(AGAIN);
    }
  }

  /** One request after the other, in the order in which they were asked for. */
  private async inTurn(act: () => Promise<void>): Promise<void> {
    while (this.sending !== null) await this.sending;
    this.sending = act().finally(() => {
      this.sending = null;
    });
    await this.sending;
  }

  private flushIn(millis: number): void {
    this.rest();
    this.forget = this.ways.later(() => void this.flush(), millis);
  }

  private rest(): void {
    this.forget?.();
    this.forget = null;
  }

  private tell(kept: Kept): void {
    this.kept = kept;
    this.listeners.forEach((listener) => listener());
  }
}
