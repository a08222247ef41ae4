// Deletes an app, after saying how many users that signs out.

import { Button, List, Text, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useDeleteApp, type App } from '../../api/apps.ts';
import { connectionsQuery } from '../../api/connections.ts';
import { Confirm } from '../../ui/Confirm.tsx';
import { Section } from '../../ui/Section.tsx';

/** The part of the page, with its question. */
export function DeleteApp({ app }: { app: App }) {
  const [asking, dialog] = useDisclosure(false);
  const remove = useDeleteApp(app.name);
  const navigate = useNavigate();
  const [typed, setTyped] = useState('');
  const close = () => {
    dialog.close();
    setTyped('');
    remove.reset();
  };
  return (
    <Section
      title="Delete the app"
      about="Its keys end, its users are signed out everywhere, and their connections are forgotten."
      actions={
        <Button color="red" variant="outline" onClick={dialog.open}>
          Delete the app
        </Button>
      }
    >
      <Confirm
        opened={asking}
        title={`Delete ${app.title}?`}
        action="Delete it"
        danger
        working={remove.isPending}
        error={remove.error}
        onClose={close}
        onConfirm={() => {
          if (typed === app.name) remove.mutate(undefined, { onSuccess: () => void navigate({ to: '/apps' }) });
        }}
      >
        <Effect app={app} />
        <TextInput
          mt="md"
          label={`Type ${app.name} to delete it`}
          value={typed}
          autoComplete="off"
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
      </Confirm>
    </Section>
  );
}

function Effect({ app }: { app: App }) {
  const connections = useInfiniteQuery(connectionsQuery({}));
  const own = connections.data?.pages.flatMap((page) => page.connections).filter((it) => it.app === app.name);
  const users = new Set(own?.map((it) => it.owner)).size;
  const more = connections.hasNextPage ? 'at least ' : '';
  return (
    <>
      <Text>It cannot be brought back.</Text>
      <List size="sm" mt="xs">
        <List.Item>Its keys and user tokens are refused from now on.</List.Item>
        {own && (
          <List.Item>
            Signs out {more}
            {users} {users === 1 ? 'user' : 'users'}, and forgets {more}
            {own.length} {own.length === 1 ? 'connection' : 'connections'}.
          </List.Item>
        )}
        <List.Item>Connectors and shared connections stay.</List.Item>
      </List>
    </>
  );
}
