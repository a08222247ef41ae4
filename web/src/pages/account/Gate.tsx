// The frame of the pages before somebody is signed in: one card in the middle.

import { Paper, Stack, Title } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import type { ReactNode } from 'react';
import { Mark } from '../../ui/Mark.tsx';
import classes from './Gate.module.css';

/** The frame. */
export function Gate({ title, children }: { title: string; children: ReactNode }) {
  useDocumentTitle(`${title} · Stepgate`);
  return (
    <main className={classes.gate}>
      <Paper withBorder p="xl" radius="lg" className={classes.card}>
        <Stack gap="lg">
          <Stack gap="xs">
            <Mark size={40} />
            <Title order={1}>{title}</Title>
          </Stack>
          {children}
        </Stack>
      </Paper>
    </main>
  );
}
