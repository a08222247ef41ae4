// All connectors that name secrets, and whether each has its value.

import { Code, Group, Text } from '@mantine/core';
import { IconAlertTriangle, IconCircleCheck } from '@tabler/icons-react';
import { useQueries, useQuery } from '@tanstack/react-query';
import { connectorsQuery } from '../../api/connectors.ts';
import { secretsQuery, type Secret } from '../../api/secrets.ts';
import { DataTable, type Column } from '../../ui/DataTable.tsx';
import { Failure } from '../../ui/Failure.tsx';
import { Loading } from '../../ui/Loading.tsx';
import { PageLink } from '../../ui/PageLink.tsx';
import { Section } from '../../ui/Section.tsx';

interface Row {
  connector: string;
  secrets: readonly Secret[];
}

const COLUMNS: readonly Column<Row>[] = [
  {
    label: 'Connector',
    cell: ({ connector }) => (
      <PageLink to="/connectors/$name/secrets" params={{ name: connector }} fw={600}>
        {connector}
      </PageLink>
    ),
  },
  { label: 'Secrets', cell: ({ secrets }) => secrets.map(({ name }) => name).join(', ') },
  {
    label: 'Values',
    cell({ secrets }) {
      const missing = secrets.filter(({ declared, set }) => declared && !set).map(({ name }) => name);
      const isMissing = missing.length > 0;
      const Icon = isMissing ? IconAlertTriangle : IconCircleCheck;
      return (
        <Group gap={6} c={isMissing ? 'var(--page-warning)' : 'var(--page-good)'}>
          <Icon size={16} aria-hidden />
          <Text inherit>{isMissing ? `Not set: ${missing.join(', ')}` : 'All set'}</Text>
        </Group>
      );
    },
  },
];

/** The part of the page. Environments have values of their own, on the connector’s page. */
export function SecretsOverview() {
  const connectors = useQuery(connectorsQuery);
  const names = connectors.data?.connectors.map(({ connector }) => connector) ?? [];
  const asked = useQueries({ queries: names.map((connector) => secretsQuery({ connector })) });
  const rows = names
    .map((connector, index) => ({ connector, secrets: asked[index]?.data?.secrets ?? [] }))
    .filter(({ secrets }) => secrets.length > 0);
  const failed = asked.find(({ isLoadingError }) => isLoadingError);
  const isPending = connectors.isPending || asked.some((one) => one.isPending);
  return (
    <Section title="Secrets" about="They stand in no definition, are set here or by environment variables, and are never shown.">
      {connectors.isLoadingError && <Failure error={connectors.error} reset={() => void connectors.refetch()} />}
      {failed?.error && <Failure error={failed.error} reset={() => void failed.refetch()} />}
      {isPending ? (
        <Loading />
      ) : rows.length > 0 ? (
        <DataTable label="Secrets" columns={COLUMNS} rows={rows} rowKey={({ connector }) => connector} />
      ) : (
        !failed &&
        connectors.data && (
          <Text c="dimmed">
            No connector names a secret. Whatever only the server may know, such as a client secret, belongs into{' '}
            <Code>secrets:</Code> of its definition.
          </Text>
        )
      )}
    </Section>
  );
}
