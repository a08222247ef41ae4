// Which of what is shown could not be asked for anew.

/** What is known of a question to the server. */
export interface Asked {
  status: string;
  fetchStatus: string;
  data: unknown;
  error: unknown;
  /** When it was answered last, in milliseconds since 1970. */
  dataUpdatedAt: number;
}

/** The one that was answered longest ago; null where all that is shown is as the server has it. */
export function outdated<State extends Asked>(queries: readonly { state: State; isActive: () => boolean }[]): State | null {
  const old = queries.filter((query) => query.state.status === 'error' && query.state.data !== undefined && query.isActive());
  return old.map(({ state }) => state).sort((one, other) => one.dataUpdatedAt - other.dataUpdatedAt)[0] ?? null;
}
