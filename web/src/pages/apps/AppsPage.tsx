// All apps, and the way to a new one.

import { Button, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { appsQuery, type App } from '../../api/apps.ts';
import { DataTable, type Column } from '../../ui/DataTable.tsx';
import { Empty } from '../../ui/Empty.tsx';
import { Loading } from '../../ui/Loading.tsx';
import { Moment } from '../../ui/Moment.tsx';
import { Page } from '../../ui/Page.tsx';
import { PageLink } from '../../ui/PageLink.tsx';
import { Unloaded } from '../../ui/Unloaded.tsx';
import { NewApp } from './NewApp.tsx';

const COLUMNS: readonly Column<App>[] = [
  {
    label: 'App',
    quiet: true,
    cell: ({ name, title }) => (
      <Stack gap={0}>
        <PageLink to="/apps/$name" params={{ name }} fw={600}>
          {title}
        </PageLink>
        {title !== name && (
          <Text size="sm" c="dimmed">
            {name}
          </Text>
        )}
      </Stack>
    ),
  },
  {
    label: 'Connectors',
    cell: ({ connectors }) =>
      connectors.length === 0 ? <Text inherit c="dimmed">none published</Text> : connectors.map((it) => it.connector).join(', '),
  },
  {
    label: 'Pages from',
    cell: ({ origins }) =>
      origins.length === 0 ? <Text inherit c="dimmed">only its backend</Text> : origins.join(', '),
  },
  { label: 'Screen at start', cell: ({ screen_at_start: shown }) => (shown ? 'Shown' : 'When needed') },
  { label: 'Changed', cell: ({ updated_at: at }) => <Moment at={at} /> },
];

/** The page. */
export function AppsPage() {
  const apps = useQuery(appsQuery);
  const [making, dialog] = useDisclosure(false);
  if (apps.isPending) return <Loading />;
  if (apps.isLoadingError) return <Unloaded title="Apps" error={apps.error} reset={() => void apps.refetch()} />;
  const make = (
    <Button leftSection={<IconPlus size={17} aria-hidden />} onClick={dialog.open}>
      Make an app
    </Button>
  );
  const isEmpty = apps.data.apps.length === 0;
  return (
    <Page title="Apps" actions={!isEmpty && make}>
      {isEmpty ? (
        <Empty title="No app yet" action={make}>
          An app is whoever calls through Stepgate: a web page, a backend, a script. It has keys, and connectors that
          you publish for it. A shop, for example, reads its users’ orders by the connector <em>orders</em>.
        </Empty>
      ) : (
        <DataTable label="Apps" columns={COLUMNS} rows={apps.data.apps} rowKey={({ name }) => name} />
      )}
      <NewApp opened={making} onClose={dialog.close} />
    </Page>
  );
}
