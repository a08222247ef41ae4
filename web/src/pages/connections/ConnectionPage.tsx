// One connection: how it stands and why, what happened when, and what can be done to it.

import { Alert, Breadcrumbs, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useState, type ReactNode } from 'react';
import { connectionQuery, type Connection } from '../../api/connections.ts';
import { Failure } from '../../ui/Failure.tsx';
import { useSay } from '../../ui/LiveRegion.tsx';
import { Loading } from '../../ui/Loading.tsx';
import { Moment } from '../../ui/Moment.tsx';
import { Page } from '../../ui/Page.tsx';
import { PageLink } from '../../ui/PageLink.tsx';
import { Section } from '../../ui/Section.tsx';
import { Unloaded } from '../../ui/Unloaded.tsx';
import { Actions, type Came } from './Actions.tsx';
import classes from './ConnectionPage.module.css';
import { ConnectionState, saysMore } from './ConnectionState.tsx';
import { SignInLink } from './SignInLink.tsx';
import { account, owner } from './told.ts';

/** The page. */
export function ConnectionPage() {
  const { id } = useParams({ from: '/shell/connections/$id' });
  const say = useSay();
  const [came, setCame] = useState<Came | null>(null);
  const connection = useQuery({ ...connectionQuery(id), enabled: !came?.gone });
  const all = <PageLink to="/connections">All connections</PageLink>;
  if (came?.gone) {
    return (
      <Page title="Connection">
        <Told came={came} />
        {all}
      </Page>
    );
  }
  if (connection.isPending) return <Loading />;
  if (connection.isLoadingError) {
    return <Unloaded title="Connection" error={connection.error} reset={() => void connection.refetch()} all={all} />;
  }
  const it = connection.data;
  const link = came?.link ?? came?.error?.problem.sign_in_url;
  const tell = (what: Came | null) => {
    setCame(what);
    if (what?.said) say(what.said);
  };
  return (
    <Page title={account(it)}>
      <Stack gap="lg">
        <Breadcrumbs>
          <PageLink to="/connections">Connections</PageLink>
          <Text>{it.connector}</Text>
        </Breadcrumbs>
        <Section title="How it stands">
          <Stack gap={4}>
            <ConnectionState state={it.state} />
            {saysMore(it) && <Text>{it.reason}</Text>}
            <Text size="sm" c="dimmed">
              since <Moment at={it.since} />
            </Text>
          </Stack>
          {came && <Told came={came} />}
          {link && <SignInLink connection={it} link={link} />}
          <Actions connection={it} onCame={tell} />
          <PageLink to="/runs" search={{ connector: it.connector }} size="sm">
            Flow runs of {it.connector}
          </PageLink>
        </Section>
        <Section title="What is known">
          <Facts it={it} />
        </Section>
      </Stack>
    </Page>
  );
}

function Told({ came }: { came: Came }) {
  if (came.error) return <Failure error={came.error} />;
  if (!came.said) return null;
  return <Alert color={came.good ? 'gate' : 'orange'} title={came.said} mb="md" />;
}

function Facts({ it }: { it: Connection }) {
  const moment = (at: string | null | undefined, otherwise: string) => (at ? <Moment at={at} /> : otherwise);
  const facts: readonly [string, ReactNode][] = [
    ['Connector', it.environment ? `${it.connector}, ${it.environment}` : it.connector],
    ['Owner', `${owner(it)} (${it.owner})`],
    ['Name', it.name ?? 'none'],
    ['Account', it.label ?? 'The test API does not name it'],
    ['Identity', it.identity ?? 'not known'],
    ['Session ends', moment(it.expires_at, 'not known')],
    ['Last call', moment(it.last_used_at, 'never')],
    ['Last renewed', moment(it.renewed_at, 'never')],
    ['Signed in first', moment(it.created_at, 'not known')],
    ['Credential', `version ${it.version}`],
    ['Id', <code key="id">{it.id}</code>],
  ];
  return (
    <dl className={classes.facts}>
      {facts.map(([term, fact]) => (
        <div key={term} className={classes.fact}>
          <dt>{term}</dt>
          <dd>{fact}</dd>
        </div>
      ))}
    </dl>
  );
}
