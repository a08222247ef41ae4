// The secrets of a connector. They can be set and replaced here, and never be seen.

import { Badge, Breadcrumbs, Button, Code, Group, Select, Stack, Text } from '@mantine/core';
import { IconAlertTriangle, IconCircleCheck } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { connectorsQuery } from '../../api/connectors.ts';
import { secretsQuery, useRemoveSecret, type Secret, type SecretPlace } from '../../api/secrets.ts';
import { Confirm } from '../../ui/Confirm.tsx';
import { DataTable, type Column } from '../../ui/DataTable.tsx';
import { Empty } from '../../ui/Empty.tsx';
import { Failure } from '../../ui/Failure.tsx';
import { Loading } from '../../ui/Loading.tsx';
import { Page } from '../../ui/Page.tsx';
import { PageLink } from '../../ui/PageLink.tsx';
import { SetSecret } from './SetSecret.tsx';

/** The page. */
export function SecretsPage() {
  const { name: connector } = useParams({ from: '/shell/connectors/$name/secrets' });
  const connectors = useQuery(connectorsQuery);
  const [environment, setEnvironment] = useState('');
  const environments = connectors.data?.connectors.find((it) => it.connector === connector)?.environments ?? [];
  const place: SecretPlace = environment === '' ? { connector } : { connector, environment };
  return (
    <Page title={`Secrets of ${connector}`}>
      <Stack>
        <Breadcrumbs>
          <PageLink to="/">Connectors</PageLink>
          <PageLink to="/connectors/$name" params={{ name: connector }}>
            {connector}
          </PageLink>
          <Text>Secrets</Text>
        </Breadcrumbs>
        {environments.length > 0 && (
          <Select
            label="Environment"
            w={220}
            data={[{ value: '', label: 'As written' }, ...environments]}
            value={environment}
            onChange={(value) => setEnvironment(value ?? '')}
          />
        )}
        <Secrets key={environment} place={place} />
      </Stack>
    </Page>
  );
}

function Secrets({ place }: { place: SecretPlace }) {
  const secrets = useQuery(secretsQuery(place));
  const remove = useRemoveSecret(place);
  const [setting, setSetting] = useState<Secret | null>(null);
  const [removing, setRemoving] = useState<Secret | null>(null);
  if (secrets.isPending) return <Loading />;
  if (secrets.isLoadingError) return <Failure error={secrets.error} reset={() => void secrets.refetch()} />;
  if (secrets.data.secrets.length === 0) {
    return (
      <Empty title="It has no secrets">
        Name one in the definition, as in <Code>secrets: [client_secret]</Code>, and use it as{' '}
        <Code>{'{{secrets.client_secret}}'}</Code>. Its value is set here and stands in no definition.
      </Empty>
    );
  }
  const columns: readonly Column<Secret>[] = [
    {
      label: 'Secret',
      cell: ({ name, declared }) => (
        <Group gap="xs">
          <Code>{name}</Code>
          {!declared && (
            <Badge variant="light" color="gray" tt="none">
              The definition does not name it
            </Badge>
          )}
        </Group>
      ),
    },
    { label: 'Value', cell: Value },
    {
      label: 'What can be done',
      quiet: true,
      cell: (secret) => (
        <Group gap="xs" wrap="nowrap">
          {secret.declared && secret.from !== 'environment' && (
            <Button
              size="xs"
              variant="default"
              aria-label={`${secret.set ? 'Replace' : 'Set'} ${secret.name}`}
              onClick={() => setSetting(secret)}
            >
              {secret.set ? 'Replace' : 'Set'}
            </Button>
          )}
          {secret.from === 'store' && (
            <Button
              size="xs"
              variant="default"
              aria-label={`Remove ${secret.name}`}
              onClick={() => setRemoving(secret)}
            >
              Remove
            </Button>
          )}
        </Group>
      ),
    },
  ];
  return (
    <>
      <Text c="dimmed" maw={640}>
        What belongs to you and not to a user, such as a client secret. Steps use it by name; a value is written here and
        never shown again.
      </Text>
      <DataTable label="Secrets" columns={columns} rows={secrets.data.secrets} rowKey={({ name }) => name} />
      <SetSecret place={place} secret={setting} onClose={() => setSetting(null)} />
      <Confirm
        opened={removing !== null}
        title={`Remove ${removing?.name ?? ''}?`}
        action="Remove it"
        danger
        working={remove.isPending}
        error={remove.error}
        onClose={() => {
          setRemoving(null);
          remove.reset();
        }}
        onConfirm={() => removing && remove.mutate(removing.name, { onSuccess: () => setRemoving(null) })}
      >
        Sign-ins and renewals that need it fail until it is set again. Its value cannot be brought back.
      </Confirm>
    </>
  );
}

function Value({ set, from, variable }: Secret) {
  if (!set) {
    return (
      <Group gap={6} c="var(--page-warning)">
        <IconAlertTriangle size={16} aria-hidden />
        Not set
      </Group>
    );
  }
  return (
    <Stack gap={2}>
      <Group gap={6} c="var(--page-good)">
        <IconCircleCheck size={16} aria-hidden />
        Set
      </Group>
      {from === 'environment' && (
        <Text size="sm" c="dimmed">
          by <Code>{variable}</Code>, which wins over what is stored
        </Text>
      )}
    </Stack>
  );
}
