// Makes an app: what it is called, and which connectors it begins with.

import { Alert, Button, Checkbox, Group, Modal, Stack, Text, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState, type SyntheticEvent } from 'react';
import { useMakeApp } from '../../api/apps.ts';
import { connectorsQuery } from '../../api/connectors.ts';
import { nameOf } from './name.ts';

/** The dialog; a new one each time, so that nothing is left of the one before. */
export function NewApp({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  return (
    <Modal opened={opened} onClose={onClose} title="Make an app">
      <NewAppForm onClose={onClose} />
    </Modal>
  );
}

function NewAppForm({ onClose }: { onClose: () => void }) {
  const navigate = useNavigate();
  const make = useMakeApp();
  const connectors = useQuery(connectorsQuery);
  const [title, setTitle] = useState('');
  const [typedName, setTypedName] = useState<string | null>(null);
  const [chosen, setChosen] = useState<string[]>([]);
  const name = typedName ?? nameOf(title);
  const submit = (event: SyntheticEvent<HTMLFormElement>) => {
    event.preventDefault();
    const published = chosen.map((connector) => ({ connector, selected: true }));
    make.mutate(
      { name, title: title.trim() || name, connectors: published, screen_at_start: true },
      { onSuccess: (app) => void navigate({ to: '/apps/$name', params: { name: app.name } }) },
    );
  };
  const wrong = make.error;
  return (
    <form onSubmit={submit}>
      <Stack>
        {wrong && wrong.field !== 'name' && (
          <Alert color="red" role="alert" title={wrong.problem.detail}>
            {wrong.problem.help}
          </Alert>
        )}
        <TextInput
          label="Title"
          description="What its users read on the screen"
          placeholder="Our shop"
          value={title}
          maxLength={200}
          data-autofocus
          onChange={(event) => setTitle(event.currentTarget.value)}
        />
        <TextInput
          label="Name"
          description="In addresses and logs; it stays. Lower-case letters, digits and -"
          placeholder="shop"
          value={name}
          required
          withAsterisk={false}
          maxLength={63}
          error={wrong?.at('name')}
          onChange={(event) => setTypedName(event.currentTarget.value)}
        />
        {connectors.data && connectors.data.connectors.length > 0 && (
          <Checkbox.Group label="Publish connectors" value={chosen} onChange={setChosen}>
            <Stack gap="xs" mt="xs">
              {connectors.data.connectors.map(({ connector, title: of }) => (
                <Checkbox key={connector} value={connector} label={of || connector} />
              ))}
            </Stack>
          </Checkbox.Group>
        )}
        {connectors.data?.connectors.length === 0 && (
          <Text size="sm" c="dimmed">
            There is no connector to publish yet. Make one under Connectors, then come back to the app.
          </Text>
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={make.isPending} disabled={name === ''}>
            Make the app
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
