// Another account signed in than the connection had: whether it takes the other's place is asked.

import { Alert, Button, Group, Stack } from '@mantine/core';
import { IconUsers } from '@tabler/icons-react';
import type { components } from '../api/schema.ts';

interface Props {
  identity: components['schemas']['IdentityView'];
  isBusy: boolean;
  onConfirm: () => void;
  onBack: () => void;
}

/** The question. */
export function ConfirmIdentity({ identity, isBusy, onConfirm, onBack }: Props) {
  return (
    <Stack>
      <Alert
        color="orange"
        role="alert"
        icon={<IconUsers aria-hidden />}
        title={`You signed in as ${identity.new}; before it was ${identity.old}.`}
      >
        Keep {identity.new}, and calls are made in that name from now on. Go back, and {identity.old} stays signed in.
      </Alert>
      <Group justify="flex-end">
        <Button variant="default" onClick={onBack} data-autofocus>
          Go back
        </Button>
        <Button loading={isBusy} onClick={onConfirm}>
          Keep {identity.new}
        </Button>
      </Group>
    </Stack>
  );
}
