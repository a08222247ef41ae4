// One part of a page: what it is, one sentence on it, and what belongs there.

import { Group, Paper, Stack, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';

interface Props {
  title: string;
  /** One sentence on what it does. */
  about?: ReactNode;
  /** What can be done. */
  actions?: ReactNode;
  children: ReactNode;
}

/** A part. */
export function Section({ title, about, actions, children }: Props) {
  return (
    <Paper component="section" withBorder p="lg" bg="var(--page-surface)" aria-label={title}>
      <Stack gap="md">
        <Group justify="space-between" align="flex-start" gap="sm">
          <Stack gap={4} flex="1 1 300px">
            <Title order={2}>{title}</Title>
            {about && (
              <Text size="sm" c="dimmed" maw={640} component="div">
                {about}
              </Text>
            )}
          </Stack>
          {actions}
        </Group>
        {children}
      </Stack>
    </Paper>
  );
}
