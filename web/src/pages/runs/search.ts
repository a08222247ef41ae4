// Which flow runs are asked for, as the address says it; apart, as every page loads it.

/** What the address says. */
export interface RunSearch {
  connector?: string;
  app?: string;
  state?: string;
  kind?: string;
}

const KEYS = ['connector', 'app', 'state', 'kind'] as const;

/** Reads it, whatever somebody typed there. */
export function runSearch(search: Record<string, unknown>): RunSearch {
  const read: RunSearch = {};
  for (const key of KEYS) {
    const value = search[key];
    if (typeof value === 'string' && value !== '') read[key] = value;
  }
  return read;
}
