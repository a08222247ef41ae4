// Where one is signed in, and the way to end it there.

import { Badge, Button, Text } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api, data } from '../../api/client.ts';
import type { components } from '../../api/schema.ts';
import { DataTable, type Column } from '../../ui/DataTable.tsx';
import { Failure } from '../../ui/Failure.tsx';
import { useSay } from '../../ui/LiveRegion.tsx';
import { Loading } from '../../ui/Loading.tsx';
import { Moment } from '../../ui/Moment.tsx';
import { Section } from '../../ui/Section.tsx';
import { browser } from './browser.ts';

type Session = components['schemas']['SessionView'];

const KEY = ['sessions'];

/** The sessions. */
export function Sessions() {
  const queries = useQueryClient();
  const say = useSay();
  const sessions = useQuery({ queryKey: KEY, queryFn: () => data(api.GET('/api/sessions')) });
  const onSuccess = () => {
    void queries.invalidateQueries({ queryKey: KEY });
    say('Ended.');
  };
  const end = useMutation({
    mutationFn: (id: string) => data(api.DELETE('/api/sessions/{id}', { params: { path: { id } } })),
    onSuccess,
  });
  const endOthers = useMutation({ mutationFn: () => data(api.DELETE('/api/sessions')), onSuccess });
  const columns: readonly Column<Session>[] = [
    {
      label: 'Browser',
      cell: ({ agent }) => (
        <Text inherit title={agent ?? undefined}>
          {browser(agent ?? '')}
        </Text>
      ),
    },
    { label: 'Last used', cell: ({ seen_at: at }) => <Moment at={at} /> },
    { label: 'Began', cell: ({ created_at: at }) => <Moment at={at} /> },
    { label: 'Ends', cell: ({ expires_at: at }) => <Moment at={at} /> },
    {
      label: 'What can be done',
      quiet: true,
      cell: (session) =>
        session.current ? (
          <Badge variant="light">This one</Badge>
        ) : (
          <Button
            size="xs"
            variant="default"
            loading={end.isPending && end.variables === session.id}
            aria-label={`End ${browser(session.agent ?? '')}`}
            onClick={() => end.mutate(session.id)}
          >
            End
          </Button>
        ),
    },
  ];
  const list = sessions.data?.sessions;
  return (
    <Section
      title="Where you are signed in"
      about="End what you do not know, then change your password."
      actions={
        list &&
        list.length > 1 && (
          <Button variant="default" loading={endOthers.isPending} onClick={() => endOthers.mutate()}>
            End all others
          </Button>
        )
      }
    >
      {end.isError && <Failure error={end.error} />}
      {endOthers.isError && <Failure error={endOthers.error} />}
      {sessions.isPending && <Loading />}
      {sessions.isLoadingError && <Failure error={sessions.error} reset={() => void sessions.refetch()} />}
      {list && <DataTable label="Sessions" columns={columns} rows={list} rowKey={({ id }) => id} />}
    </Section>
  );
}
