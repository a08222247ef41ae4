// Asks before something that cannot be undone, and names what it does.

import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { Failure } from './Failure.tsx';
import { useFocusBack } from './useFocusBack.ts';

interface Props {
  opened: boolean;
  /** The question. */
  title: string;
  /** What happens then. */
  children: ReactNode;
  /** The verb on the button. */
  action: string;
  /** Whether something is lost. */
  danger?: boolean;
  working?: boolean;
  error?: unknown;
  onConfirm: () => void;
  onClose: () => void;
}

/** The question. */
export function Confirm({ opened, title, children, action, danger, working, error, onConfirm, onClose }: Props) {
  useFocusBack(opened);
  return (
    <Modal opened={opened} onClose={onClose} title={title}>
      <Stack>
        <Text component="div">{children}</Text>
        {error !== undefined && error !== null && <Failure error={error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose} data-autofocus>
            Leave it
          </Button>
          <Button color={danger ? 'red' : undefined} loading={working} onClick={onConfirm}>
            {action}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
