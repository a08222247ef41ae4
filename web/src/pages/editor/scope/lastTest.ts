// What the tests of this editor have shown so far: the newest masked value of each path, how each step came out.

import { useSyncExternalStore } from 'react';
import type { Output, TimelineEvent } from '../../../api/testRuns.ts';
import { timelineOf, type Row } from '../test/timeline.ts';

/** A value that a test left behind, masked, and when. */
export interface Known extends Output {
  /** Milliseconds since 1970. */
  at: number;
}

/** What is known. */
export interface Shown {
  outputs: readonly Known[];
  /** The last that happened to each step. */
  steps: ReadonlyMap<string, Row>;
}

/** What the tests have shown. It is in memory alone, and holds masks, no values. */
export class LastTest {
  private shown: Shown = { outputs: [], steps: new Map() };
  private readonly listeners = new Set<() => void>();

  /** For React: calls back at each change. */
  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** For React: what is known now. */
  readonly current = (): Shown => this.shown;

  /** Takes over what a run has told. */
  take(events: readonly TimelineEvent[]): void {
    if (events.length === 0) return;
    this.shown = merged(this.shown, events);
    this.listeners.forEach((listener) => listener());
  }
}

/** What was known, with what a run tells in the place of what it tells anew. */
export function merged(before: Shown, events: readonly TimelineEvent[]): Shown {
  const outputs = new Map(before.outputs.map((one) => [one.path, one]));
  for (const event of events) {
    if (event.event !== 'outputs') continue;
    // A step that ran again may have left less behind than before.
    for (const path of outputs.keys()) if (isOf(path, event.step)) outputs.delete(path);
    for (const value of event.values) outputs.set(value.path, { ...value, at: event.at });
  }
  const steps = new Map(before.steps);
  for (const row of timelineOf(events)) if (row.kind === 'step' && row.stepKind !== '') steps.set(row.step, row);
  return { outputs: [...outputs.values()], steps };
}

/** Whether a path is another itself, or below it. */
export function isOf(path: string, above: string): boolean {
  return path === above || path.startsWith(`${above}.`) || path.startsWith(`${above}[`);
}

/** What is known. */
export function useLastTest(last: LastTest): Shown {
  return useSyncExternalStore(last.subscribe, last.current);
}
