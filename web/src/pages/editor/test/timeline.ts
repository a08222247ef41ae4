// What happened in a test run, brought together step by step: what was sent, what came back, what is left behind.

import type { Cookie, Hop, Output, TimelineEvent } from '../../../api/testRuns.ts';

/** How a step came out. */
export type State = 'running' | 'waiting' | 'done' | 'failed' | 'skipped';

/** An exchange, with the position of its event, by which its values are revealed. */
export interface Exchange {
  index: number;
  hops: readonly Hop[];
}

/** A step of the timeline. */
export interface Row {
  kind: 'step';
  step: string;
  stepKind: string;
  state: State;
  /** Milliseconds. */
  millis: number | null;
  /** Why it was skipped or failed, or what else should be known. */
  notes: string[];
  judged: { condition: string; holds: boolean }[];
  exchanges: Exchange[];
  outputs: readonly Output[];
  cookies: Cookie[];
  /** What the code said. */
  console: { level: string; text: string }[];
}

/** A heading between steps, or a line about the whole. */
export interface Line {
  kind: 'phase' | 'note';
  text: string;
}

const PHASES: Record<string, string> = {
  spoiled_call: 'A call with a bad token',
  refresh: 'The refresh flow',
  call: 'The call',
};

/** The rows, in the order in which things happened. */
export function timelineOf(events: readonly TimelineEvent[]): (Row | Line)[] {
  const rows: (Row | Line)[] = [];
  const open = (step: string, stepKind = ''): Row => {
    // A step that runs again gets a row of its own; one that goes on after a pause does not.
    // So does what runs in another part of the test.
    const part = rows.slice(rows.findLastIndex(({ kind }) => kind === 'phase') + 1);
    const last = part.findLast((row): row is Row => row.kind === 'step' && row.step === step);
    if (last && last.state !== 'failed' && last.state !== 'done') return last;
    if (last && stepKind === '') return last;
    const row: Row = {
      kind: 'step',
      step,
      stepKind,
      state: 'running',
      millis: null,
      notes: [],
      judged: [],
      exchanges: [],
      outputs: [],
      cookies: [],
      console: [],
    };
    rows.push(row);
    return row;
  };
  for (const event of events) take(event, open, rows);
  return rows;
}

function take(event: TimelineEvent, open: (step: string, kind?: string) => Row, rows: (Row | Line)[]): void {
  switch (event.event) {
    case 'phase':
      rows.push({ kind: 'phase', text: PHASES[event.name] ?? event.name });
      return;
    case 'step_started':
      open(event.step, event.kind).state = 'running';
      return;
    case 'step_skipped': {
      const row = open(event.step);
      row.state = 'skipped';
      row.notes.push(event.why);
      return;
    }
    case 'exchanged': {
      const row = open(event.step);
      row.exchanges.push({ index: event.index, hops: event.hops });
      // A call is no step that begins and ends: with its reply it is over.
      if (row.stepKind === '') row.state = 'done';
      return;
    }
    case 'judged':
      open(event.step).judged.push({ condition: event.condition, holds: event.holds });
      return;
    case 'outputs': {
      const row = open(event.step);
      row.outputs = event.values;
      if (event.left_out > 0) row.notes.push(`${event.left_out} more values are not listed.`);
      return;
    }
    case 'cookies':
      open(event.step).cookies.push(...event.changes);
      return;
    case 'console':
      open(event.step).console.push({ level: event.level, text: event.text });
      return;
    case 'sent_again':
      rows.push({ kind: 'note', text: `Sent again for ${event.form}, from ${event.from} on.` });
      return;
    case 'step_done': {
      const row = open(event.step);
      row.state = 'done';
      row.millis = event.millis;
      return;
    }
    case 'step_failed': {
      const row = open(event.step);
      row.state = 'failed';
      row.notes.push(event.message);
      return;
    }
    case 'waiting':
      open(event.step).state = 'waiting';
      return;
    case 'went_back':
      rows.push({ kind: 'note', text: `Back to ${event.to}, since ${event.from} was refused.` });
      return;
    case 'callback_refused':
      rows.push({ kind: 'note', text: event.why });
      return;
    case 'updated':
      rows.push({
        kind: 'note',
        text: `${event.target} ${event.changed ? 'has a new value.' : 'has the same value as before.'}`,
      });
      return;
    case 'warning':
      if (event.step) open(event.step).notes.push(event.message);
      else rows.push({ kind: 'note', text: event.message });
      return;
    // What these say is in the exchange, once it is over.
    case 'request_sent':
    case 'redirected':
    case 'reply_received':
    case 'extracted':
    case 'other':
      return;
  }
}

/** All that a run left behind, the newest of each path, for the editor's lists. */
export function outputsOf(rows: readonly (Row | Line)[]): Output[] {
  const found = new Map<string, Output>();
  for (const row of rows) if (row.kind === 'step') row.outputs.forEach((output) => found.set(output.path, output));
  return [...found.values()];
}
