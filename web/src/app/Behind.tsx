// What a page shows stays where it cannot be asked for anew. This says so, since when, and tries again.

import { Alert, Button, Group, Text } from '@mantine/core';
import { IconCloudOff } from '@tabler/icons-react';
import { notifyManager, useQueryClient } from '@tanstack/react-query';
import { useCallback, useSyncExternalStore } from 'react';
import { ApiError } from '../api/problem.ts';
import { outdated } from './outdated.ts';

/** The notice; nothing while all is as the server has it. */
export function Behind() {
  const queries = useQueryClient();
  const cache = queries.getQueryCache();
  const subscribe = useCallback((heard: () => void) => cache.subscribe(notifyManager.batchCalls(heard)), [cache]);
  const state = useSyncExternalStore(subscribe, () => outdated(cache.getAll()));
  if (!state) return null;
  const { error, dataUpdatedAt: since, fetchStatus } = state;
  const problem = error instanceof ApiError ? error.problem : null;
  return (
    <Alert
      role="status"
      color="orange"
      m="md"
      icon={<IconCloudOff aria-hidden />}
      title={problem?.detail ?? 'This page could not be brought up to date.'}
    >
      <Group gap="sm">
        <Text size="sm">
          {problem?.help} What you see is from {new Date(since).toLocaleTimeString(undefined, { timeStyle: 'short' })}.
        </Text>
        <Button
          size="compact-sm"
          variant="default"
          loading={fetchStatus === 'fetching'}
          onClick={() => void queries.refetchQueries({ type: 'active', predicate: ({ state: { status } }) => status === 'error' })}
        >
          Try again
        </Button>
      </Group>
    </Alert>
  );
}
