// Events become the rows that people read.

import { expect, test } from 'vitest';
import type { TimelineEvent } from '../../../api/testRuns.ts';
import { outputsOf, timelineOf, type Row } from './timeline.ts';

type Told = TimelineEvent extends infer Event ? (Event extends TimelineEvent ? Omit<Event, 'at' | 'index'> : never) : never;

const events = (...told: Told[]) => told.map((event, index) => ({ ...event, at: index, index })) as TimelineEvent[];

const output = (path: string, shown = '••••••••') => ({ path, type: 'string', shown, length: 3 });

const FORM = [
  { event: 'step_started', step: 'form1', kind: 'form' },
  { event: 'waiting', step: 'form1', what: 'form' },
] satisfies Told[];

test('a step waits, goes on, and is done: one row', () => {
  const waiting = timelineOf(events(...FORM));
  expect(waiting).toHaveLength(1);
  expect(waiting[0]).toMatchObject({ step: 'form1', stepKind: 'form', state: 'waiting' });
  const done = timelineOf(
    events(
      ...FORM,
      { event: 'step_started', step: 'form1', kind: 'form' },
      { event: 'outputs', step: 'form1', values: [output('form1.username')], left_out: 0 },
      { event: 'step_done', step: 'form1', millis: 3 },
    ),
  );
  expect(done).toHaveLength(1);
  expect(done[0]).toMatchObject({ state: 'done', millis: 3 });
});

test('a refusal goes back to the form, which gets a row of its own', () => {
  const rows = timelineOf(
    events(
      { event: 'step_started', step: 'form1', kind: 'form' },
      { event: 'step_done', step: 'form1', millis: 1 },
      { event: 'step_started', step: 'login', kind: 'api_request' },
      { event: 'judged', step: 'login', condition: 'expect', holds: false },
      { event: 'step_failed', step: 'login', message: 'Wrong name or password.' },
      { event: 'went_back', from: 'login', to: 'form1' },
      ...FORM,
    ),
  );
  expect(rows.map((row) => (row.kind === 'step' ? `${row.step} ${row.state}` : row.text))).toEqual([
    'form1 done',
    'login failed',
    'Back to form1, since login was refused.',
    'form1 waiting',
  ]);
  expect((rows[1] as Row).notes).toEqual(['Wrong name or password.']);
});

test('a renewal says what it changed', () => {
  const rows = timelineOf(
    events(
      { event: 'phase', name: 'spoiled_call' },
      { event: 'phase', name: 'refresh' },
      { event: 'updated', target: 'login.body.token', changed: true },
      { event: 'updated', target: 'login.body.user', changed: false },
    ),
  );
  expect(rows.map((row) => (row.kind === 'step' ? '' : row.text))).toEqual([
    'A call with a bad token',
    'The refresh flow',
    'login.body.token has a new value.',
    'login.body.user has the same value as before.',
  ]);
});

test('a call after a renewal has a line of its own, below its own heading', () => {
  const rows = timelineOf(
    events(
      { event: 'phase', name: 'spoiled_call' },
      { event: 'exchanged', step: 'call', hops: [] },
      { event: 'phase', name: 'call' },
      { event: 'exchanged', step: 'call', hops: [] },
    ),
  );
  expect(rows.map((row) => (row.kind === 'step' ? row.step : row.text))).toEqual([
    'A call with a bad token',
    'call',
    'The call',
    'call',
  ]);
});

test('of outputs of one path the newest counts', () => {
  const rows = timelineOf(
    events(
      { event: 'step_started', step: 'a', kind: 'js_code' },
      { event: 'outputs', step: 'a', values: [output('a.x', 'old'), output('a.y')], left_out: 2 },
      { event: 'step_done', step: 'a', millis: 1 },
      { event: 'step_started', step: 'a', kind: 'js_code' },
      { event: 'outputs', step: 'a', values: [output('a.x', 'new')], left_out: 0 },
    ),
  );
  expect(outputsOf(rows).map(({ path, shown }) => `${path} ${shown}`)).toEqual(['a.x new', 'a.y ••••••••']);
});

test('what the code said stands at its step, what was sent again between the steps', () => {
  const rows = timelineOf(
    events(
      { event: 'step_started', step: 'shape', kind: 'js_code' },
      { event: 'console', step: 'shape', level: 'warn', text: 'count 2' },
      { event: 'step_failed', step: 'shape', message: 'It threw.' },
      { event: 'sent_again', form: 'form1', from: 'send' },
    ),
  );
  expect(rows[0]).toMatchObject({ state: 'failed', console: [{ level: 'warn', text: 'count 2' }] });
  expect(rows[1]).toEqual({ kind: 'note', text: 'Sent again for form1, from send on.' });
});
