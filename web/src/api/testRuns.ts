// Test runs: a definition tried out as it stands in the editor, followed live, its values hidden until asked for.

import { api, data } from './client.ts';
import { ApiError } from './problem.ts';
import type { components } from './schema.ts';

type Schemas = components['schemas'];

/** What is to be tested. */
export type NewTestRun = Schemas['NewTestRun'];

/** How a test run stands. */
export type TestRun = Schemas['TestRunView'];

/** The same, with all that happened in it. */
export type TestRunWithEvents = Schemas['TestRunWithEvents'];

/** What it waits for. */
export type Waiting = Schemas['TestWaitingView'];

/** Why it failed. */
export type TestFailure = Schemas['TestFailureView'];

/** One thing that happened. */
export type TimelineEvent = Schemas['TimelineEvent'];

/** A request as it was sent, and its reply. */
export type Hop = Schemas['HopView'];

/** A value that a step left behind. */
export type Output = Schemas['OutputView'];

/** What became of a cookie. */
export type Cookie = Schemas['CookieView'];

/** Starts one. */
export function startTest(body: NewTestRun) {
  return data(api.POST('/api/test-runs', { body }));
}

/** Answers the form that it waits for. */
export function answerTest(id: string, body: Record<string, Record<string, string>>) {
  // Steps and fields are the definition's own, so the description leaves them open.
  const answers = body as unknown as Schemas['Answers'];
  return data(api.POST('/api/test-runs/{id}/answers', { params: { path: { id } }, body: answers }));
}

/** Has sent again what its form is about. */
export function resendTest(id: string) {
  return data(api.POST('/api/test-runs/{id}/resend', { params: { path: { id } } }));
}

/** Ends it, and forgets what it has; one that is gone already has ended as well. */
export async function endTest(id: string): Promise<void> {
  try {
    await data(api.DELETE('/api/test-runs/{id}', { params: { path: { id } } }));
  } catch (error) {
    if (!(error instanceof ApiError && error.problem.status === 404)) throw error;
  }
}

/** Shows one value; the log keeps that it was shown. */
export function revealValue(id: string, path: string) {
  return data(api.POST('/api/test-runs/{id}/reveal', { params: { path: { id } }, body: { path } }));
}

/** The timeline as a report without anything secret. */
export async function reportOf(id: string): Promise<string> {
  return data<string>(api.GET('/api/test-runs/{id}/report', { params: { path: { id } }, parseAs: 'text' }));
}

/** How a test stands now, with all that happened in it. */
export async function lookAtTest(id: string): Promise<TestRunWithEvents> {
  // A stream is only what is asked for by its own type.
  return (await data(api.GET('/api/test-runs/{id}', { params: { path: { id } } }))) as TestRunWithEvents;
}

/** Calls back for everything that happens, until the run is over, the server will not tell more, or the function it returns is called. */
export function followTest(
  id: string,
  heard: { event: (event: TimelineEvent) => void; run: (run: TestRun) => void; lost: () => void },
): () => void {
  const source = new EventSource(`/api/test-runs/${encodeURIComponent(id)}`);
  source.addEventListener('timeline', ({ data: text }: MessageEvent<string>) =>
    heard.event(JSON.parse(text) as TimelineEvent),
  );
  source.addEventListener('run', ({ data: text }: MessageEvent<string>) => {
    const run = JSON.parse(text) as TestRun;
    heard.run(run);
    if (hasEnded(run)) source.close();
  });
  // While nothing answers the browser asks again by itself; what was refused is over for it.
  source.addEventListener('error', () => {
    if (source.readyState === EventSource.CLOSED) heard.lost();
  });
  return () => source.close();
}

/** Whether nothing more happens in it. */
export function hasEnded({ state }: TestRun): boolean {
  return state === 'done' || state === 'failed' || state === 'cancelled';
}

/** Whether other tests go on with what it left. After a renewal that is the renewal's: what was there before may be spent. */
export function leavesCredential(run: TestRun): boolean {
  return hasEnded(run) && run.flow !== 'logout' && run.credential != null;
}
