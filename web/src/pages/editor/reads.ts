// What a part of the form has read of the document, so that it is shown anew only once one of these has changed.

import type { Snapshot } from './store.ts';

interface Read {
  of: (snapshot: Snapshot) => unknown;
  result: unknown;
}

/** The reads of one part. */
export class Reads {
  private readonly kept = new Map<string, Read>();
  private seen: Snapshot | null = null;
  private count = 0;

  /** Reads, and remembers it. */
  read<Result>(key: string, snapshot: Snapshot, of: (snapshot: Snapshot) => Result): Result {
    const result = of(snapshot);
    this.kept.set(key, { of, result });
    return result;
  }

  /** A number that is raised whenever one of the reads gives something else than before. */
  version(snapshot: Snapshot): number {
    if (snapshot === this.seen) return this.count;
    this.seen = snapshot;
    let isChanged = false;
    for (const one of this.kept.values()) {
      const result = one.of(snapshot);
      if (Object.is(result, one.result)) continue;
      one.result = result;
      isChanged = true;
    }
    if (isChanged) this.count += 1;
    return this.count;
  }
}
