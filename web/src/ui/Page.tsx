// The inside of every page but the editor: title, what can be done at its side, and a column that stays readable.

import { Group, Title } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import type { ReactNode } from 'react';
import classes from './Page.module.css';

interface Props {
  title: string;
  /** What can be done, the most important last. */
  actions?: ReactNode;
  children: ReactNode;
}

/** A page. */
export function Page({ title, actions, children }: Props) {
  useDocumentTitle(`${title} · Stepgate`);
  return (
    <div className={classes.page}>
      <Group justify="space-between" mb="lg" gap="sm">
        <Title order={1}>{title}</Title>
        {actions && <Group gap="xs">{actions}</Group>}
      </Group>
      {children}
    </div>
  );
}
