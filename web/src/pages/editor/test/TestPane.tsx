// Tests of the definition as it stands in the editor: a flow, the test API or an endpoint, with everything that happened.

import { Alert, Button, Checkbox, Group, Select, Stack, Text, VisuallyHidden } from '@mantine/core';
import { IconPlayerPlay, IconPlayerStop, IconPlayerTrackNext } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { valueAt } from '../../../document/reading.ts';
import { stepIds } from '../../../document/template.ts';
import { Empty } from '../../../ui/Empty.tsx';
import { Failure } from '../../../ui/Failure.tsx';
import { useForm, useSnapshot } from '../context.ts';
import { Failed } from './Failed.tsx';
import { Outcome } from './Outcome.tsx';
import { Parameters } from './Parameters.tsx';
import classes from './test.module.css';
import { Timeline } from './Timeline.tsx';
import { TryPane } from './TryPane.tsx';
import { hasStep, usedUp } from './usedUp.ts';
import type { useTestRun } from './useTestRun.ts';
import { WaitingFor } from './WaitingFor.tsx';

interface Props {
  connector: string;
  /** Kept above, so that a look at the text does not end it. */
  test: ReturnType<typeof useTestRun>;
  /** Whether it was asked to run from elsewhere. */
  isAsked: boolean;
  onTaken: () => void;
}

/** The pane. */
export function TestPane({ connector, test, isAsked, onTaken }: Props) {
  const form = useForm();
  const { text } = useSnapshot(form.store);
  const { run, isOver, start, choice, choose } = test;
  const [from, setFrom] = useState<string | null>(null);
  const choices = choicesOf(form.value);
  const [flow = 'auth', endpoint] = choice.what.split(':');
  const needs = flow !== 'auth' && test.signedIn === null;
  // A bad token is sent to the test API.
  const canSpoil = flow === 'refresh' && form.at(['test_api']) !== undefined;
  const steps = form.at(['auth_flow', 'steps']);
  const begin = (fromStep?: string) => {
    if (start.isPending || needs || !isOver) return;
    setFrom(null);
    start.mutate({
      text,
      flow: (fromStep === undefined ? flow : 'auth') as 'auth',
      ...(fromStep !== undefined && run ? { of: run.id, from_step: fromStep } : {}),
      ...(fromStep === undefined && flow !== 'auth' ? { of: test.signedIn } : {}),
      ...(endpoint === undefined ? {} : { endpoint, parameters: choice.parameters }),
      ...(canSpoil && choice.spoils ? { spoil: true } : {}),
    });
  };
  const beginFrom = (step: string) => (usedUp(steps, step).length > 0 ? setFrom(step) : begin(step));
  useEffect(() => {
    if (!isAsked) return;
    onTaken();
    // The pane may have come with this very key.
    queueMicrotask(() => begin());
  });
  const problems = start.error?.definitionProblems ?? [];
  // The server forgets one that was stopped, and has nothing of it to go on from or to reveal.
  const isKept = run?.state !== 'cancelled';
  const canGoOn = run?.flow === 'auth' && isOver && isKept;
  return (
    <Stack gap="md" p="md" className={classes.pane}>
      <VisuallyHidden component="h2">Test</VisuallyHidden>
      <Group gap="xs" align="flex-end">
        <Select
          label="Test"
          data={choices}
          value={choice.what}
          // Chosen again, it stays chosen.
          allowDeselect={false}
          onChange={(what) => choose({ what: what ?? 'auth' })}
          className={classes.choice}
        />
        {isOver ? (
          <Button leftSection={<IconPlayerPlay size={15} aria-hidden />} onClick={() => begin()} loading={start.isPending} disabled={needs} title="Ctrl Enter">
            Run
          </Button>
        ) : (
          <Button
            variant="default"
            leftSection={<IconPlayerStop size={15} aria-hidden />}
            loading={test.end.isPending}
            onClick={() => run && test.end.mutate(run.id)}
          >
            Stop
          </Button>
        )}
      </Group>
      {needs && <Text size="sm">Test the auth flow first: this test uses what it leaves behind.</Text>}
      {canSpoil && (
        <Checkbox
          label="Spoil the token first"
          description="Sends a bad one, to show that the end of the session is seen and mended."
          checked={choice.spoils}
          onChange={(event) => choose({ spoils: event.currentTarget.checked })}
        />
      )}
      {endpoint !== undefined && (
        <Parameters connector={connector} endpoint={endpoint} values={choice.parameters} onChange={(parameters) => choose({ parameters })} />
      )}
      {endpoint !== undefined && <TryPane key={endpoint} connector={connector} endpoint={endpoint} parameters={choice.parameters} />}
      {from !== null && (
        <UsedUp paths={usedUp(steps, from)} step={from} onRun={() => begin(from)} onWhole={() => begin()} onClose={() => setFrom(null)} />
      )}
      {start.isError &&
        (problems.length > 0 ? (
          <Text size="sm" c="error" role="alert">
            Mend the problems of the definition first; they are listed below.
          </Text>
        ) : (
          <Failure error={start.error} />
        ))}
      {test.end.isError && !isOver && <Failure error={test.end.error} />}
      {test.look.isError && run?.id === test.look.variables && <Failure error={test.look.error} />}
      {run === null ? (
        <Empty title="Try it before anybody signs in">
          A test sends real requests by the definition as it stands here, saved or not. Nothing of it is stored, and values
          stay hidden until you ask for one.
        </Empty>
      ) : (
        <>
          {test.tested !== null && test.tested !== text && (
            <Text size="sm" className={classes.stale}>
              Outputs are from before your change.
            </Text>
          )}
          <Timeline
            run={run}
            events={test.events}
            isOwn={isKept}
            all={run.flow === 'auth' && !test.isFrom && test.tested === text ? stepIds(form.value, ['auth_flow', 'steps']) : []}
            insert={form.readOnly ? null : (put) => form.caret.insert(put)}
            onFrom={canGoOn ? (step) => (hasStep(steps, step) ? () => beginFrom(step) : null) : undefined}
          />
          {run.waiting_for && !isOver && <WaitingFor run={run} waiting={run.waiting_for} answer={test.answer} resend={test.resend} />}
          {run.error && <Failed failure={run.error} />}
          <Outcome run={run} />
        </>
      )}
    </Stack>
  );
}

interface UsedUpProps {
  paths: readonly string[];
  step: string;
  onRun: () => void;
  onWhole: () => void;
  onClose: () => void;
}

/** Names what is good for one use, and has been used. */
function UsedUp({ paths, step, onRun, onWhole, onClose }: UsedUpProps) {
  const [one] = paths;
  return (
    <Alert
      color="orange"
      role="alert"
      icon={<IconPlayerTrackNext aria-hidden />}
      title={paths.length === 1 ? `${one ?? ''} has been used up` : `${paths.join(', ')} have been used up`}
      withCloseButton
      closeButtonLabel="Close"
      onClose={onClose}
    >
      <Stack gap="xs" align="flex-start">
        <Text size="sm">
          {`A run from ${step} sends the same ${paths.length === 1 ? 'code' : 'codes'} again, which the API may refuse.`}
        </Text>
        <Group gap="xs">
          <Button size="compact-sm" onClick={onRun}>
            {`Run from ${step} anyway`}
          </Button>
          <Button size="compact-sm" variant="default" onClick={onWhole}>
            Run all of it
          </Button>
        </Group>
      </Stack>
    </Alert>
  );
}

function choicesOf(value: unknown) {
  const endpoints = valueAt(value, ['endpoints']);
  const names = Array.isArray(endpoints) ? endpoints.map((one) => valueAt(one, ['name'])) : [];
  const has = (key: string) => valueAt(value, [key]) !== undefined;
  return [
    { value: 'auth', label: 'Auth flow' },
    { value: 'refresh', label: 'Refresh flow' },
    ...(has('test_api') ? [{ value: 'test_api', label: 'Test API' }] : []),
    ...names.flatMap((name) => (typeof name === 'string' ? [{ value: `endpoint:${name}`, label: `Endpoint ${name}` }] : [])),
    ...(has('logout_flow') ? [{ value: 'logout', label: 'Logout flow' }] : []),
  ];
}
