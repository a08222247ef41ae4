// Connectors that are not served as they are written, with each problem.

import { Alert, Group, List, Stack, Text } from '@mantine/core';
import { IconAlertTriangle, IconCircleCheck } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { connectorsQuery } from '../../api/connectors.ts';
import { Failure } from '../../ui/Failure.tsx';
import { Loading } from '../../ui/Loading.tsx';
import { Section } from '../../ui/Section.tsx';

/** The part of the page. */
export function Findings() {
  const connectors = useQuery(connectorsQuery);
  const found = connectors.data?.findings;
  return (
    <Section title="Connectors" about="Files and versions that cannot be used, and what is served meanwhile.">
      {connectors.isPending && <Loading />}
      {connectors.isLoadingError && <Failure error={connectors.error} reset={() => void connectors.refetch()} />}
      {found?.length === 0 && (
        <Group gap={6} c="var(--page-good)">
          <IconCircleCheck size={17} aria-hidden />
          <Text inherit>All are served as they are written.</Text>
        </Group>
      )}
      <Stack gap="sm">
        {found?.map(({ code, connector, message, problems }) => (
          <Alert
            key={`${code} ${connector ?? ''} ${message}`}
            color="orange"
            icon={<IconAlertTriangle aria-hidden />}
            title={message}
          >
            {problems.length > 0 && (
              <List size="sm">
                {problems.map((problem) => (
                  <List.Item key={problem}>{problem}</List.Item>
                ))}
              </List>
            )}
          </Alert>
        ))}
      </Stack>
    </Section>
  );
}
