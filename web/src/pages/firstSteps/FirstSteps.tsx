// The first steps after set-up, as a list above the connectors, until all are done or an admin needs them no more.

import { Button, Code, Group, Stack, Text, Title } from '@mantine/core';
import { IconCircleCheck, IconCircleDashed } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { firstStepsQuery, useMark, type FirstSteps as Standing } from '../../api/firstSteps.ts';
import { useAccount } from '../../api/session.ts';
import { SignIn } from '../../signin/SignIn.tsx';
import { Failure } from '../../ui/Failure.tsx';
import { PageLink } from '../../ui/PageLink.tsx';
import { Section } from '../../ui/Section.tsx';
import classes from './FirstSteps.module.css';
import { areShown, doneOf } from './steps.ts';

/** The list; nothing for builders, who have nothing to set up. */
export function FirstSteps() {
  const { role } = useAccount();
  const steps = useQuery({ ...firstStepsQuery, enabled: role === 'admin' });
  // What else the page shows does not wait for this, nor fail with it.
  if (!steps.data || !areShown(steps.data, location.origin)) return null;
  return <List steps={steps.data} again={() => void steps.refetch()} />;
}

function List({ steps, again }: { steps: Standing; again: () => void }) {
  const mark = useMark();
  const done = doneOf(steps, location.origin);
  const count = Object.values(done).filter(Boolean).length;
  return (
    <Stack mb="xl">
      <Section
        title="First steps"
        about={`${count} of 4 done. They go once all are.`}
        actions={
          <Button
            variant="default"
            loading={mark.isPending && mark.variables.mark === 'dismissed'}
            onClick={() => mark.mutate({ mark: 'dismissed', on: true })}
          >
            I need no first steps
          </Button>
        }
      >
        {mark.isError && <Failure error={mark.error} />}
        <ol className={classes.list} aria-label="First steps">
          <Step title="Make the first account" isDone={done.account}>
            Made, with the code from the log. Others get theirs under <PageLink underline="always" to="/people">People</PageLink>.
          </Step>
          <Step title="Check the address" isDone={done.address}>
            <Address steps={steps} isRight={done.address} />
          </Step>
          <Step title="Keep a copy of the key" isDone={done.key}>
            <Stack gap="xs" align="flex-start">
              <Text size="sm">{sentence(steps.key.detail)}</Text>
              <Button
                size="xs"
                variant="default"
                loading={mark.isPending && mark.variables.mark === 'key_kept'}
                onClick={() => mark.mutate({ mark: 'key_kept', on: !steps.key_kept })}
              >
                {steps.key_kept ? 'The copy is gone' : 'I keep a copy'}
              </Button>
            </Stack>
          </Step>
          <Step title="Sign in to something" isDone={done.example}>
            <Example steps={steps} onDone={again} />
          </Step>
        </ol>
      </Section>
    </Stack>
  );
}

function Step({ title, isDone, children }: { title: string; isDone: boolean; children: ReactNode }) {
  const Icon = isDone ? IconCircleCheck : IconCircleDashed;
  return (
    <li className={classes.step}>
      <Icon size={22} aria-hidden className={isDone ? classes.done : classes.open} />
      <Stack gap={4}>
        <Title order={3} size="h5">
          {title}
          <span className="visually-hidden">{isDone ? ': done' : ': to do'}</span>
        </Title>
        <Text size="sm" component="div">
          {children}
        </Text>
      </Stack>
    </li>
  );
}

function Address({ steps: { public_url: url, address }, isRight }: { steps: Standing; isRight: boolean }) {
  if (isRight) {
    return (
      <>
        Browsers come by <Code>{url}</Code>, and APIs send them back to <Code>{`${url}/callback/…`}</Code>.
      </>
    );
  }
  if (address) return <>{sentence(address.detail)}</>;
  return (
    <>
      You look at <Code>{location.origin}</Code>, but Stepgate takes itself to be at <Code>{url}</Code>, and sends browsers
      there after a sign-in. Start it with <Code>STEPGATE_PUBLIC_URL={location.origin}</Code>, or open it at the other
      address.
    </>
  );
}

function Example({ steps: { example, signed_in: isSignedIn }, onDone }: { steps: Standing; onDone: () => void }) {
  const [signsIn, setSignsIn] = useState(false);
  if (isSignedIn) {
    return (
      <>
        It works; see it under <PageLink underline="always" to="/connections">Connections</PageLink>.
      </>
    );
  }
  if (!example) {
    return (
      <>
        Make a connector, test its auth flow, and sign in to it under <PageLink underline="always" to="/connections">Connections</PageLink>. To
        see it all with an API that is built in, start another server with <Code>stepgate serve --demo</Code>.
      </>
    );
  }
  return (
    <Stack gap="xs" align="flex-start">
      <Text size="sm">
        The API of <Code>{example.connector}</Code> is built in. It knows one user, <Code>{example.user}</Code>, with the
        password <Code>{example.password}</Code>.
      </Text>
      <Group gap="xs">
        <Button size="xs" onClick={() => setSignsIn(true)}>
          Sign in to it
        </Button>
        <PageLink underline="always" to="/connectors/$name" params={{ name: example.connector }}>
          See how it is declared
        </PageLink>
      </Group>
      {signsIn && (
        <SignIn
          title={example.connector}
          asked={{ connector: example.connector }}
          onClose={() => {
            setSignsIn(false);
            onDone();
          }}
        />
      )}
    </Stack>
  );
}

/** A finding of the doctor as a sentence. */
function sentence(detail: string): string {
  const ended = detail.endsWith('.') ? detail : `${detail}.`;
  return ended.charAt(0).toUpperCase() + ended.slice(1);
}
