// Gives an app another title.

import { Button, Group, Modal, Stack, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useState, type SyntheticEvent } from 'react';
import { useChangeApp, type App } from '../../api/apps.ts';
import { Failure } from '../../ui/Failure.tsx';

/** The button with its dialog. */
export function Titled({ app }: { app: App }) {
  const [opened, dialog] = useDisclosure(false);
  return (
    <>
      <Button variant="default" onClick={dialog.open}>
        Rename
      </Button>
      <Modal opened={opened} onClose={dialog.close} title="Rename the app">
        <TitleForm app={app} onClose={dialog.close} />
      </Modal>
    </>
  );
}

function TitleForm({ app, onClose }: { app: App; onClose: () => void }) {
  const change = useChangeApp(app);
  const [title, setTitle] = useState(app.title);
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    change.mutate({ title }, { onSuccess: onClose });
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        <TextInput
          label="Title"
          description={`What its users read. Its name stays “${app.name}”.`}
          value={title}
          maxLength={200}
          data-autofocus
          error={change.error?.at('title')}
          onChange={(event) => setTitle(event.currentTarget.value)}
        />
        {change.isError && change.error.field !== 'title' && <Failure error={change.error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={change.isPending} disabled={title.trim() === ''}>
            Rename
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
