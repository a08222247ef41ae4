// The address that an API sends people back to, by what the server says of itself and where this page is looked at.

/** The address, and what may be wrong with it. */
export interface Redirect {
  url: string;
  /** Whether nobody on the way can read what comes back. */
  isSafe: boolean;
  /** Where this page is looked at instead, where that is elsewhere. */
  elsewhere: string | null;
}

/** That of a connector. Whoever may not ask the server where it is has signed in there: it lets nobody in elsewhere. */
export function redirectOf(connector: string, here: string, server = here): Redirect {
  const { protocol, hostname } = new URL(server);
  return {
    url: `${server}/callback/${connector}`,
    isSafe: protocol === 'https:' || hostname === 'localhost' || hostname.startsWith('127.') || hostname === '[::1]',
    elsewhere: server === here ? null : here,
  };
}
