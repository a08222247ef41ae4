// Our own people: who has an account, and what they may do.

import { Badge, Button, Group, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { peopleQuery, type Person } from '../../api/people.ts';
import { useAccount } from '../../api/session.ts';
import { DataTable, type Column } from '../../ui/DataTable.tsx';
import { Empty } from '../../ui/Empty.tsx';
import { Loading } from '../../ui/Loading.tsx';
import { Moment } from '../../ui/Moment.tsx';
import { Page } from '../../ui/Page.tsx';
import { Unloaded } from '../../ui/Unloaded.tsx';
import { AddPerson } from './AddPerson.tsx';
import { Handover, type Given } from './Handover.tsx';
import { PersonMenu } from './PersonMenu.tsx';
import { PersonState, signsInBy } from './PersonState.tsx';

/** The page. */
export function PeoplePage() {
  const { login, role } = useAccount();
  const people = useQuery({ ...peopleQuery, enabled: role === 'admin' });
  const [adding, dialog] = useDisclosure(false);
  const [given, setGiven] = useState<Given | null>(null);
  if (role !== 'admin') {
    return (
      <Page title="People">
        <Empty title="Only an admin looks after people">Your own account is under your name, at the foot of the menu.</Empty>
      </Page>
    );
  }
  if (people.isPending) return <Loading />;
  if (people.isLoadingError) return <Unloaded title="People" error={people.error} reset={() => void people.refetch()} />;
  const columns: readonly Column<Person>[] = [
    {
      label: 'Name',
      cell: (person) => (
        <Group gap="xs">
          <Text inherit fw={600}>
            {person.login}
          </Text>
          {person.login === login && <Badge variant="light">You</Badge>}
        </Group>
      ),
    },
    { label: 'Role', cell: (person) => (person.role === 'admin' ? 'Admin' : 'Builder') },
    { label: 'Account', cell: (person) => <PersonState person={person} /> },
    { label: 'Signs in by', cell: signsInBy },
    { label: 'Since', cell: (person) => <Moment at={person.created_at} /> },
    {
      label: 'What can be done',
      quiet: true,
      cell: (person) => <PersonMenu person={person} isSelf={person.login === login} onGiven={setGiven} />,
    },
  ];
  return (
    <Page
      title="People"
      actions={
        <Button leftSection={<IconPlus size={17} aria-hidden />} onClick={dialog.open}>
          Add a person
        </Button>
      }
    >
      <Text c="dimmed" mb="md">
        Builders make connectors, apps and shared connections. Admins also look after people. Users of apps have no
        account here.
      </Text>
      <DataTable label="People" columns={columns} rows={people.data.people} rowKey={(person) => person.login} />
      <AddPerson opened={adding} onClose={dialog.close} onGiven={setGiven} />
      <Handover given={given} onClose={() => setGiven(null)} />
    </Page>
  );
}
