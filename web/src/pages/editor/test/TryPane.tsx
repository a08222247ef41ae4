// Calls an endpoint with a connection of one's own or the shared one, by the definition as it is saved.

import { Button, Group, Select, Stack, Text } from '@mantine/core';
import { IconSend } from '@tabler/icons-react';
import { useInfiniteQuery, useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { connectionsQuery } from '../../../api/connections.ts';
import { useAccount } from '../../../api/session.ts';
import { tryEndpoint } from '../../../api/tries.ts';
import { Failure } from '../../../ui/Failure.tsx';
import { PageLink } from '../../../ui/PageLink.tsx';
import { account } from '../../connections/told.ts';
import { useSnapshot, useEditor } from '../context.ts';
import { TriedView } from './TriedView.tsx';

interface Props {
  connector: string;
  endpoint: string;
  parameters: Record<string, unknown>;
}

/** The part. */
export function TryPane({ connector, endpoint, parameters }: Props) {
  const { login } = useAccount();
  const { store } = useEditor();
  const { isChanged } = useSnapshot(store);
  const connections = useInfiniteQuery(connectionsQuery({ connector }));
  const attempt = useMutation({
    gcTime: 0,
    mutationFn: (connection: string) => tryEndpoint(connector, { endpoint, parameters, connection }),
  });
  const [chosen, setChosen] = useState<string | null>(null);
  const all = connections.data?.pages.flatMap((page) => page.connections) ?? [];
  // A user's connection is that user's alone.
  const ours = all.filter(({ owner }) => owner === 'shared' || owner === `people/${login}`);
  const id = chosen ?? ours[0]?.id ?? null;
  if (ours.length === 0) {
    return (
      <Text size="sm" c="dimmed">
        To call it with a real connection too, sign in at <PageLink underline="always" to="/connections">Connections</PageLink>.
      </Text>
    );
  }
  return (
    <Stack gap="xs">
      <Group gap="xs" align="flex-end">
        <Select
          label="Or with a connection"
          data={ours.map((one) => ({ value: one.id, label: account(one) }))}
          value={id}
          onChange={setChosen}
          style={{ flex: '1 1 180px' }}
        />
        <Button
          variant="default"
          leftSection={<IconSend size={15} aria-hidden />}
          loading={attempt.isPending}
          onClick={() => id !== null && attempt.mutate(id)}
        >
          Call
        </Button>
      </Group>
      {isChanged && (
        <Text size="xs" c="dimmed">
          Called by the definition as it is saved, without what is changed here.
        </Text>
      )}
      {attempt.isError && <Failure error={attempt.error} />}
      {attempt.isSuccess && <TriedView key={attempt.submittedAt} tried={attempt.data} />}
    </Stack>
  );
}
