// All connections: whose, how they stand and why; filters in the address, so that Back and links keep them.

import { Button, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { connectionsQuery, type Connection } from '../../api/connections.ts';
import { connectorsQuery } from '../../api/connectors.ts';
import { DataTable, type Column } from '../../ui/DataTable.tsx';
import { Empty } from '../../ui/Empty.tsx';
import { Loading } from '../../ui/Loading.tsx';
import { Moment } from '../../ui/Moment.tsx';
import { Page } from '../../ui/Page.tsx';
import { PageLink } from '../../ui/PageLink.tsx';
import { Unloaded } from '../../ui/Unloaded.tsx';
import { ChooseConnector } from './ChooseConnector.tsx';
import { ConnectionState, saysMore } from './ConnectionState.tsx';
import { Filters } from './Filters.tsx';
import { account, owner } from './told.ts';

const COLUMNS: readonly Column<Connection>[] = [
  {
    label: 'Account',
    cell: (it) => (
      <PageLink to="/connections/$id" params={{ id: it.id }} fw={600}>
        {account(it)}
      </PageLink>
    ),
  },
  {
    label: 'Connector',
    cell: ({ connector, environment }) => (environment ? `${connector}, ${environment}` : connector),
  },
  { label: 'Of', cell: owner },
  {
    label: 'State',
    cell: (it) => (
      <Stack gap={2}>
        <ConnectionState state={it.state} />
        <Text size="sm" c="dimmed">
          {saysMore(it) && `${it.reason} · `}
          <Moment at={it.since} />
        </Text>
      </Stack>
    ),
  },
  { label: 'Ends', cell: ({ expires_at: at }) => (at ? <Moment at={at} /> : 'not known') },
  { label: 'Renewed', cell: ({ renewed_at: at }) => (at ? <Moment at={at} /> : 'never') },
  { label: 'Last call', cell: ({ last_used_at: at }) => (at ? <Moment at={at} /> : 'never') },
];

/** The page. */
export function ConnectionsPage() {
  const search = useSearch({ from: '/shell/connections' });
  const navigate = useNavigate({ from: '/connections' });
  const { state, ...filter } = search;
  const connections = useInfiniteQuery(connectionsQuery(filter));
  const connectors = useQuery(connectorsQuery);
  const [choosing, dialog] = useDisclosure(false);
  const [cleared, setCleared] = useState(0);
  if (connections.isPending) return <Loading />;
  if (connections.isLoadingError) {
    return <Unloaded title="Connections" error={connections.error} reset={() => void connections.refetch()} />;
  }
  const loaded = connections.data.pages.flatMap((page) => page.connections);
  const rows = state ? loaded.filter((it) => it.state === state) : loaded;
  const isFiltered = Object.values(search).some(Boolean);
  const canSignIn = (connectors.data?.connectors.length ?? 0) > 0;
  const signIn = canSignIn && <Button onClick={dialog.open}>Sign in to a connector</Button>;
  return (
    <Page title="Connections" actions={signIn}>
      {loaded.length === 0 && !isFiltered ? (
        <Empty title="Nobody is signed in yet" action={!canSignIn && <PageLink to="/">Go to the connectors</PageLink>}>
          A connection is one account that is signed in at a connector. Users make theirs on the managed auth screen of
          an app; a shared one you make here, for everybody.
        </Empty>
      ) : (
        <Stack>
          <Text size="sm">
            What signs in right now, and what just failed, is among the <PageLink underline="always" to="/runs">flow runs</PageLink>.
          </Text>
          <Filters
            key={cleared}
            search={search}
            connectors={connectors.data?.connectors ?? []}
            onChange={(next) => void navigate({ search: next, replace: true })}
          />
          {rows.length === 0 ? (
            <Empty
              title="No connection is like this"
              action={
                <Button
                  variant="default"
                  onClick={() => {
                    // What is still typed there is forgotten too, once the address has changed.
                    void navigate({ search: {} }).then(() => setCleared(cleared + 1));
                  }}
                >
                  Clear the filters
                </Button>
              }
            >
              {connections.hasNextPage ? 'There may be some among those that are not loaded yet.' : 'Look for others.'}
            </Empty>
          ) : (
            <DataTable label="Connections" columns={COLUMNS} rows={rows} rowKey={({ id }) => id} />
          )}
          {connections.hasNextPage && (
            <Button
              variant="default"
              loading={connections.isFetchingNextPage}
              onClick={() => void connections.fetchNextPage()}
            >
              Load more
            </Button>
          )}
        </Stack>
      )}
      <ChooseConnector opened={choosing} onClose={dialog.close} connectors={connectors.data?.connectors ?? []} />
    </Page>
  );
}
