// The test run that is looked at: started, followed, answered, stopped.

import { useMutation } from '@tanstack/react-query';
import { useEffect, useReducer, useState } from 'react';
import {
  answerTest,
  endTest,
  followTest,
  resendTest,
  hasEnded,
  leavesCredential,
  lookAtTest,
  startTest,
  type NewTestRun,
  type TestRun,
  type TimelineEvent,
} from '../../../api/testRuns.ts';
import { useSay } from '../../../ui/LiveRegion.tsx';

interface Shown {
  run: TestRun | null;
  events: readonly TimelineEvent[];
}

type Heard =
  | { begun: TestRun; events: readonly TimelineEvent[] }
  | { event: TimelineEvent }
  | { run: TestRun }
  /** The server has it no more. */
  | { gone: string };

function hear(shown: Shown, heard: Heard): Shown {
  if ('begun' in heard) return { run: heard.begun, events: heard.events };
  if ('run' in heard) return { ...shown, run: heard.run };
  if ('gone' in heard) {
    const { run } = shown;
    if (run?.id !== heard.gone || hasEnded(run)) return shown;
    return { ...shown, run: { ...run, state: 'cancelled', waiting_for: undefined } };
  }
  // The stream tells from the beginning; what was there already is not taken twice.
  if (shown.events.some(({ index }) => index === heard.event.index)) return shown;
  return { ...shown, events: [...shown.events, heard.event] };
}

/** What is to be tested, as it was chosen last. */
export interface Choice {
  /** A flow, `test_api`, or an endpoint as `endpoint:name`. */
  what: string;
  /** Whether a refresh begins with a bad token. */
  spoils: boolean;
  /** The endpoint's parameters. */
  parameters: Record<string, unknown>;
}

/** The run. */
export function useTestRun() {
  const say = useSay();
  const [shown, tell] = useReducer(hear, { run: null, events: [] });
  /** The last run that left a credential, which other tests use. */
  const [signedIn, setSignedIn] = useState<string | null>(null);
  const [choice, setChoice] = useState<Choice>({ what: 'auth', spoils: true, parameters: {} });
  /** The text that the run is of. */
  const [tested, setTested] = useState<string | null>(null);
  /** Whether it began in the middle. */
  const [isFrom, setFrom] = useState(false);
  const start = useMutation({
    mutationFn: (asked: NewTestRun) => startTest(asked),
    onSuccess({ events, ...run }, { text, from_step }) {
      setTested(text ?? null);
      setFrom(from_step != null);
      tell({ begun: run, events });
    },
  });
  const answer = useMutation({
    mutationFn: ({ id, step, typed }: { id: string; step: string; typed: Record<string, string> }) =>
      answerTest(id, { [step]: typed }),
    onSuccess: ({ events, ...run }) => tell({ begun: run, events }),
  });
  const resend = useMutation({
    mutationFn: resendTest,
    onSuccess: ({ events, ...run }) => tell({ begun: run, events }),
  });
  const end = useMutation({ mutationFn: endTest, onSuccess: (_, id) => tell({ gone: id }) });
  const look = useMutation({
    mutationFn: lookAtTest,
    onSuccess: ({ events, ...run }) => tell({ begun: run, events }),
    onError: (_, id) => tell({ gone: id }),
  });
  const { mutate: lookAgain } = look;
  const { run } = shown;
  const id = run?.id ?? null;
  const isOver = run === null || hasEnded(run);
  useEffect(() => {
    if (id === null || isOver) return undefined;
    return followTest(id, {
      event: (event) => tell({ event }),
      run: (next) => tell({ run: next }),
      lost: () => lookAgain(id),
    });
  }, [id, isOver, lookAgain]);
  const state = run?.state;
  const leaves = run !== null && leavesCredential(run) ? run.id : null;
  if (leaves !== null && leaves !== signedIn) setSignedIn(leaves);
  useEffect(() => {
    if (state === 'done') say('The test is done');
    if (state === 'failed') say('The test failed');
    if (state === 'waiting') say('The test waits for you');
  }, [state, say]);
  const choose = (part: Partial<Choice>) => setChoice((before) => ({ ...before, ...part }));
  return { ...shown, choice, choose, tested, isFrom, signedIn, start, answer, resend, end, look, isOver };
}
