// One's own account: the password, and where one is signed in.

import { Alert, Badge, Button, Paper, PasswordInput, Stack, Table, Text, Title } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type SyntheticEvent } from 'react';
import { api, data, rememberCsrf } from '../../api/client.ts';
import { sessionQuery, useAccount } from '../../api/session.ts';
import { Failure } from '../../ui/Failure.tsx';
import { Loading } from '../../ui/Loading.tsx';
import { useSay } from '../../ui/LiveRegion.tsx';
import { Page } from '../../ui/Page.tsx';
import { Moment } from '../../ui/Moment.tsx';

/** The page. */
export function AccountPage() {
  const { login, role } = useAccount();
  return (
    <Page title="Account">
      <Stack gap="xl" maw={720}>
        <Text>
          Signed in as <strong>{login}</strong>, {role}.
        </Text>
        <NewPassword />
        <Sessions />
      </Stack>
    </Page>
  );
}

function NewPassword() {
  const queries = useQueryClient();
  const say = useSay();
  const empty = { current: '', new: '' };
  const [typed, setTyped] = useState(empty);
  const change = useMutation({
    mutationFn: (body: typeof typed) => data(api.PUT('/api/session/password', { body })),
    onSuccess(account) {
      rememberCsrf(account.csrf ?? null);
      queries.setQueryData(sessionQuery.queryKey, account);
      void queries.invalidateQueries({ queryKey: ['sessions'] });
      setTyped(empty);
      say('The password is changed. All other sessions have ended.');
    },
  });
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    change.mutate(typed);
  };
  return (
    <Paper withBorder p="lg" bg="var(--page-surface)">
      <form onSubmit={submit}>
        <Stack maw={360}>
          <Title order={2}>Password</Title>
          {change.isError && <Alert color="red" role="alert" title={change.error.problem.detail} />}
          {change.isSuccess && <Alert title="The password is changed. All other sessions have ended." />}
          <PasswordInput
            label="Password until now"
            autoComplete="current-password"
            value={typed.current}
            onChange={(event) => setTyped({ ...typed, current: event.currentTarget.value })}
          />
          <PasswordInput
            label="New password"
            description="At least 12 characters"
            autoComplete="new-password"
            minLength={12}
            value={typed.new}
            onChange={(event) => setTyped({ ...typed, new: event.currentTarget.value })}
          />
          <Button type="submit" loading={change.isPending} disabled={!typed.current || !typed.new}>
            Change the password
          </Button>
        </Stack>
      </form>
    </Paper>
  );
}

function Sessions() {
  const queries = useQueryClient();
  const sessions = useQuery({
    queryKey: ['sessions'],
    queryFn: () => data(api.GET('/api/sessions')),
  });
  const end = useMutation({
    mutationFn: (id: string) => data(api.DELETE('/api/sessions/{id}', { params: { path: { id } } })),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['sessions'] }),
  });
  if (sessions.isPending) return <Loading />;
  if (sessions.isError) return <Failure error={sessions.error} reset={() => void sessions.refetch()} />;
  return (
    <Paper withBorder p="lg" bg="var(--page-surface)">
      <Title order={2} mb="sm">
        Where you are signed in
      </Title>
      {end.isError && <Failure error={end.error} />}
      <Table.ScrollContainer minWidth={480} type="native">
        <Table verticalSpacing="sm">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Browser</Table.Th>
              <Table.Th>Last used</Table.Th>
              <Table.Th>
                <span className="visually-hidden">What can be done</span>
              </Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {sessions.data.sessions.map((session) => (
              <Table.Tr key={session.id}>
                <Table.Td>
                  <Text size="sm" lineClamp={2}>
                    {session.agent ?? 'Does not say'}
                  </Text>
                </Table.Td>
                <Table.Td>
                  <Moment at={session.seen_at} />
                </Table.Td>
                <Table.Td ta="right">
                  {session.current ? (
                    <Badge variant="light">This one</Badge>
                  ) : (
                    <Button size="xs" variant="default" onClick={() => end.mutate(session.id)}>
                      End
                    </Button>
                  )}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </Paper>
  );
}
