// What shows where there is nothing yet: what this is, and what to do next.

import { Stack, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';

interface Props {
  title: string;
  /** What would stand here. */
  children: ReactNode;
  /** The one thing to do first. */
  action?: ReactNode;
  /** Whether nothing else is on the page, so that this is its heading. */
  isWhole?: boolean;
}

/** An empty place. */
export function Empty({ title, children, action, isWhole = false }: Props) {
  return (
    <Stack align="center" gap="sm" py={56} px="md" ta="center">
      <Title order={isWhole ? 1 : 2}>{title}</Title>
      <Text c="dimmed" maw={460} component="div">
        {children}
      </Text>
      {action}
    </Stack>
  );
}
