// What a host page gives to the SDK, and what it gets back.

/** What `connect` needs. Nothing in it is a secret: the app's key stays in the app's backend. */
export interface Settings {
  /** Where Stepgate is reached, such as `https://gate.example.org`. */
  gate: string;
  /** Asks the app's own backend for a fresh link to the managed auth screen (`POST /api/auth-links`). */
  link: (about: LinkAbout) => Promise<string>;
  /** Asks the app's own backend for a user token (`POST /api/user-tokens`). It is kept in memory until it ends. */
  token: () => Promise<UserToken>;
  /** Asks the person in a way of your own; true: at their click, so that a window may open. Left out: a small dialog. */
  prompt?: (ask: Ask) => Promise<boolean>;
  /** The language of that dialog, as BCP 47 names it; left out: that of the page. */
  language?: string;
}

/** What a link is asked for. */
export interface LinkAbout {
  /** The one connector that it is about. */
  connector?: string;
  /** Whether the browser leaves the page for the screen, so that the link needs a `return_to`. */
  leaves: boolean;
}

/** What `POST /api/user-tokens` answers. */
export interface UserToken {
  token: string;
  /** RFC 3339. */
  expires_at: string;
}

/** Why a person is asked something by the page itself. */
export interface Ask {
  why: 'sign_in' | 'blocked' | 'closed';
  /** The connector as people call it, where it is about one. */
  title?: string;
  /** Aborted where the answer is not needed any more. */
  signal: AbortSignal;
}

/** How the screen is shown. */
export type Mode = 'auto' | 'popup' | 'redirect' | 'iframe';

/** How to open the screen. */
export interface ScreenOptions {
  /** `auto`: a popup, and on phones or where popups fail a redirect. */
  mode?: Mode;
  /** `reload` loads the page anew where something has changed; `continue` leaves it as it is. */
  after?: 'reload' | 'continue';
  /** The one connector that it is about; left out: all that the app asks for. */
  connector?: string;
}

/** How the screen ended. */
export interface Outcome {
  outcome: 'done' | 'closed' | 'failed';
  /** `ready`, `continued`; `closed`, `given_up`; or the code of what failed. */
  reason: string;
  /** The connectors whose connections are not as they were before. */
  changed: string[];
}

/** How all connectors of the app stand for its user: `GET /api/screen`. */
export interface Screen {
  app: string;
  title: string;
  /** Whether the app's pages show the screen at their start. */
  screen_at_start: boolean;
  /** Whether nothing is to be done at any of them. */
  ready: boolean;
  connectors: ConnectorState[];
}

/** How one stands. */
export interface ConnectorState {
  connector: string;
  title: string;
  host: string;
  /** Whether nothing is to be done by the user. */
  ready: boolean;
  /** Whether the screen asks for it. */
  selected: boolean;
  /** Whether it is signed in once for all, by those who run the app. */
  shared: boolean;
  accounts: Account[];
}

/** A connection of the user. */
export interface Account {
  connection: string;
  label?: string;
  ready: boolean;
  /** Raised by each sign-in and renewal. */
  version: number;
}

/** What listeners of `change` get. */
export interface Change {
  /** The connectors that changed. */
  connectors: string[];
}

/** A sign-in that did not come about. */
export class SignInError extends Error {
  override readonly name = 'SignInError';
  constructor(
    readonly connector: string,
    /** As in `Outcome`. */
    readonly reason: string,
  ) {
    super(`Not signed in to ${connector}: ${reason}`);
  }
}

/** What Stepgate refused: its problem document (RFC 9457). */
export class GateError extends Error {
  override readonly name = 'GateError';
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}
