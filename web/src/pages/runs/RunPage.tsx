// One flow run: how it stands and why; of a test of one's own all that happened in it, every value masked for good.

import { Alert, Breadcrumbs, Group, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { testQuery, useFlowRuns, type SignInRun } from '../../api/runs.ts';
import { Failure } from '../../ui/Failure.tsx';
import { Loading } from '../../ui/Loading.tsx';
import { Moment } from '../../ui/Moment.tsx';
import { Page } from '../../ui/Page.tsx';
import { PageLink } from '../../ui/PageLink.tsx';
import { Section } from '../../ui/Section.tsx';
import { Unloaded } from '../../ui/Unloaded.tsx';
import { Timeline } from '../editor/test/Timeline.tsx';
import { KINDS, ofSignIn, ofTest, type Listed } from './listed.ts';
import { RunState } from './RunState.tsx';

/** The page. */
export function RunPage() {
  const { id } = useParams({ from: '/shell/runs/$id' });
  const { signIns, tests, error, refetch } = useFlowRuns();
  if (!signIns || !tests) {
    if (!error) return <Loading />;
    return <Unloaded title="Flow run" error={error} reset={refetch} all={<PageLink to="/runs">All flow runs</PageLink>} />;
  }
  const signIn = signIns.find((run) => run.id === id);
  const test = tests.find((run) => run.id === id);
  const run = signIn ? ofSignIn(signIn) : test ? ofTest(test) : null;
  if (!run) {
    return (
      <Page title="Flow run">
        <Stack align="flex-start">
          <Text>This run has ended and is forgotten, or it is somebody else’s test.</Text>
          <PageLink to="/runs">All flow runs</PageLink>
        </Stack>
      </Page>
    );
  }
  return (
    <Page title={`${KINDS[run.kind] ?? run.kind}: ${run.connector}`}>
      <Stack gap="lg">
        <Breadcrumbs>
          <PageLink to="/runs">Flow runs</PageLink>
          <Text>{run.connector}</Text>
        </Breadcrumbs>
        <Section title="How it stands">
          <Stack gap="xs" align="flex-start">
            <RunState state={run.state} />
            <Text>
              Of {run.of}
              {run.environment !== null && `, in ${run.environment}`}.
            </Text>
            {run.told !== '' && signIn?.error == null && test?.error == null && <Text>{run.told}.</Text>}
            <Text size="sm" c="dimmed">
              {run.began !== null && (
                <>
                  Begun <Moment at={run.began} />,{' '}
                </>
              )}
              forgotten <Moment at={run.until} />
            </Text>
          </Stack>
          {signIn?.error && <Refused error={signIn.error} />}
          <Ways run={run} />
        </Section>
        {test ? (
          <Section title="Timeline" about="As it was sent and received. Values are shown in the editor alone, one at a time.">
            <Told id={id} />
          </Section>
        ) : (
          <Text size="sm" c="dimmed">
            Of a user’s sign-in it is told how it stands, and nothing of what was typed or answered. To see each request,
            test the connector’s auth flow in the editor.
          </Text>
        )}
      </Stack>
    </Page>
  );
}

function Refused({ error }: { error: NonNullable<SignInRun['error']> }) {
  return (
    <Alert color="red" variant="light" title={error.detail}>
      <Stack gap={4}>
        {error.cause !== error.detail && <Text size="sm">{error.cause}</Text>}
        {error.help && <Text size="sm">{error.help}</Text>}
        {error.step && <Text size="sm">{`In step ${error.step}.`}</Text>}
      </Stack>
    </Alert>
  );
}

/** Where one goes from here. */
function Ways({ run }: { run: Listed }) {
  return (
    <Group gap="md">
      {run.connection !== null && (
        <PageLink to="/connections/$id" params={{ id: run.connection }}>
          The connection
        </PageLink>
      )}
      <PageLink to="/connectors/$name" params={{ name: run.connector }}>
        The connector
      </PageLink>
    </Group>
  );
}

function Told({ id }: { id: string }) {
  const test = useQuery(testQuery(id));
  if (test.isPending) return <Loading />;
  if (test.isLoadingError) return <Failure error={test.error} reset={() => void test.refetch()} />;
  const { events, ...run } = test.data;
  return <Timeline run={run} events={events} isOwn={false} />;
}
