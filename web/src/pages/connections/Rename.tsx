// Gives a connection a name, or takes it away.

import { Button, Group, Modal, Stack, TextInput } from '@mantine/core';
import { useState, type SyntheticEvent } from 'react';
import { useNameConnection, type Connection } from '../../api/connections.ts';
import { Failure } from '../../ui/Failure.tsx';

interface Props {
  connection: Connection;
  opened: boolean;
  onClose: () => void;
}

/** The dialog. */
export function Rename({ connection, opened, onClose }: Props) {
  return (
    <Modal opened={opened} onClose={onClose} title="Name the connection">
      <NameForm connection={connection} onClose={onClose} />
    </Modal>
  );
}

function NameForm({ connection, onClose }: Omit<Props, 'opened'>) {
  const change = useNameConnection();
  const [name, setName] = useState(connection.name ?? '');
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    change.mutate({ id: connection.id, name: name.trim() || null }, { onSuccess: onClose });
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        <TextInput
          label="Name"
          description="What people call it, and apps name it by where a user has several. Left empty, it has none."
          placeholder={connection.label ?? 'work'}
          value={name}
          maxLength={200}
          data-autofocus
          error={change.error?.at('name')}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        {change.isError && !change.error.field && <Failure error={change.error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={change.isPending}>
            Save the name
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
