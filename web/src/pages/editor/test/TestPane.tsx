// Tests of the definition as it stands in the editor: a flow, the test API or an endpoint, with everything that happened.

import { Button, Checkbox, Group, Select, Stack, Text } from '@mantine/core';
import { useHotkeys } from '@mantine/hooks';
import { IconPlayerPlay, IconPlayerStop } from '@tabler/icons-react';
import { useState } from 'react';
import { valueAt } from '../../../document/reading.ts';
import { Empty } from '../../../ui/Empty.tsx';
import { Failure } from '../../../ui/Failure.tsx';
import { useForm, useSnapshot } from '../context.ts';
import { Failed } from './Failed.tsx';
import { Outcome } from './Outcome.tsx';
import { Parameters } from './Parameters.tsx';
import classes from './test.module.css';
import { Timeline } from './Timeline.tsx';
import type { useTestRun } from './useTestRun.ts';
import { WaitingFor } from './WaitingFor.tsx';

interface Props {
  connector: string;
  /** Kept above, so that a look at the text does not end it. */
  test: ReturnType<typeof useTestRun>;
}

/** The pane. */
export function TestPane({ connector, test }: Props) {
  const form = useForm();
  const { text } = useSnapshot(form.store);
  const [chosen, setChosen] = useState('auth');
  const [spoils, setSpoils] = useState(true);
  const [parameters, setParameters] = useState<Record<string, unknown>>({});
  const [tested, setTested] = useState<string | null>(null);
  const choices = choicesOf(form.value);
  const [flow = 'auth', endpoint] = chosen.split(':');
  const needs = flow !== 'auth' && test.signedIn === null;
  const { run, isOver, start } = test;
  const begin = () => {
    if (start.isPending || needs || !isOver) return;
    setTested(text);
    start.mutate({
      text,
      flow: flow as 'auth',
      ...(flow === 'auth' ? {} : { of: test.signedIn }),
      ...(endpoint === undefined ? {} : { endpoint, parameters }),
      ...(flow === 'refresh' && spoils ? { spoil: true } : {}),
    });
  };
  useHotkeys([['mod+Enter', begin]], [], true);
  const problems = start.error?.definitionProblems ?? [];
  return (
    <Stack gap="md" p="md" className={classes.pane}>
      <Group gap="xs" align="flex-end">
        <Select
          label="Test"
          data={choices}
          value={chosen}
          onChange={(next) => setChosen(next ?? 'auth')}
          className={classes.choice}
        />
        {isOver ? (
          <Button leftSection={<IconPlayerPlay size={15} aria-hidden />} onClick={begin} loading={start.isPending} disabled={needs}>
            Run
          </Button>
        ) : (
          <Button
            variant="default"
            leftSection={<IconPlayerStop size={15} aria-hidden />}
            onClick={() => run && test.end.mutate(run.id)}
          >
            Stop
          </Button>
        )}
      </Group>
      {needs && <Text size="sm">Test the auth flow first: this test uses what it leaves behind.</Text>}
      {flow === 'refresh' && (
        <Checkbox
          label="Spoil the token first"
          description="Sends a bad one, to show that the end of the session is seen and mended."
          checked={spoils}
          onChange={(event) => setSpoils(event.currentTarget.checked)}
        />
      )}
      {endpoint !== undefined && (
        <Parameters connector={connector} endpoint={endpoint} values={parameters} onChange={setParameters} />
      )}
      {start.isError &&
        (problems.length > 0 ? (
          <Text size="sm" c="error" role="alert">
            Mend the problems of the definition first; they are listed below.
          </Text>
        ) : (
          <Failure error={start.error} />
        ))}
      {run === null ? (
        <Empty title="Try it before anybody signs in">
          A test sends real requests by the definition as it stands here, saved or not. Nothing of it is stored, and values
          stay hidden until you ask for one.
        </Empty>
      ) : (
        <>
          {tested !== null && tested !== text && (
            <Text size="sm" className={classes.stale}>
              Outputs are from before your change.
            </Text>
          )}
          <Timeline run={run} events={test.events} />
          {run.waiting_for && !isOver && <WaitingFor run={run} waiting={run.waiting_for} answer={test.answer} />}
          {run.error && <Failed failure={run.error} />}
          <Outcome run={run} />
        </>
      )}
    </Stack>
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
