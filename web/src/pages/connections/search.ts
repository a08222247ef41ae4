// Which connections are asked for, as the address says it; apart, as every page loads it.

import type { ConnectionFilter } from '../../api/connections.ts';

/** What the address says. */
export interface ConnectionSearch extends ConnectionFilter {
  state?: string;
}

const KEYS = ['connector', 'environment', 'owner', 'state'] as const;

/** Reads it, whatever somebody typed there. */
export function connectionSearch(search: Record<string, unknown>): ConnectionSearch {
  const read: ConnectionSearch = {};
  for (const key of KEYS) {
    const value = search[key];
    if (typeof value === 'string' && value !== '') read[key] = value;
  }
  return read;
}
