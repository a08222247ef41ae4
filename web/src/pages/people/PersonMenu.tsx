// What can be done to a person's account; what ends something says what, and asks.

import { ActionIcon, Menu } from '@mantine/core';
import { IconDots } from '@tabler/icons-react';
import { useState, type ReactNode } from 'react';
import { useChangePerson, useDeletePerson, type Person } from '../../api/people.ts';
import { Confirm } from '../../ui/Confirm.tsx';
import { firstPassword } from './firstPassword.ts';
import type { FirstPassword } from './Handover.tsx';

interface Props {
  person: Person;
  isSelf: boolean;
  onGiven: (given: FirstPassword) => void;
}

type Act = 'role' | 'password' | 'door' | 'delete';

interface Question {
  title: string;
  action: string;
  danger: boolean;
  effect: ReactNode;
}

/** The menu, with its questions. */
export function PersonMenu({ person, isSelf, onGiven }: Props) {
  const [asking, setAsking] = useState<Act | null>(null);
  const change = useChangePerson(person);
  const remove = useDeletePerson(person.login);
  const close = () => {
    setAsking(null);
    change.reset();
    remove.reset();
  };
  const act = (which: Act) => {
    const onSuccess = close;
    switch (which) {
      case 'role':
        change.mutate({ role: person.role === 'admin' ? 'builder' : 'admin' }, { onSuccess });
        break;
      case 'door':
        change.mutate({ disabled: !person.disabled }, { onSuccess });
        break;
      case 'delete':
        remove.mutate(undefined, { onSuccess });
        break;
      case 'password': {
        const password = firstPassword();
        const give = () => {
          close();
          onGiven({ login: person.login, password });
        };
        change.mutate({ password }, { onSuccess: give });
      }
    }
  };
  const question = asking && asked(asking, person);
  const itself = isSelf ? ' (under Account)' : '';
  return (
    <>
      <Menu>
        <Menu.Target>
          <ActionIcon variant="subtle" color="gray" size="lg" aria-label={`What can be done to ${person.login}`}>
            <IconDots size={18} aria-hidden />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => setAsking('role')}>
            {person.role === 'admin' ? 'Make a builder' : 'Make an admin'}
          </Menu.Item>
          <Menu.Item onClick={() => setAsking('password')} disabled={isSelf}>
            New password{itself}
          </Menu.Item>
          <Menu.Item onClick={() => setAsking('door')} disabled={isSelf}>
            {person.disabled ? 'Let in again' : 'Keep out'}
          </Menu.Item>
          <Menu.Divider />
          <Menu.Item color="red" onClick={() => setAsking('delete')} disabled={isSelf}>
            Delete
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <Confirm
        opened={question !== null}
        title={question?.title ?? ''}
        action={question?.action ?? ''}
        danger={question?.danger}
        working={change.isPending || remove.isPending}
        error={change.error ?? remove.error}
        onClose={close}
        onConfirm={() => asking && act(asking)}
      >
        {question?.effect}
      </Confirm>
    </>
  );
}

function asked(act: Act, { login, role, disabled }: Person): Question {
  switch (act) {
    case 'role':
      return role === 'admin'
        ? {
            title: `Make ${login} a builder?`,
            action: 'Make a builder',
            danger: false,
            effect: `${login} can no longer look after people or settings. Connectors, apps and tokens stay.`,
          }
        : {
            title: `Make ${login} an admin?`,
            action: 'Make an admin',
            danger: false,
            effect: `${login} can then do everything, also add and delete people.`,
          };
    case 'password':
      return {
        title: `Give ${login} a new password?`,
        action: 'Make and show it',
        danger: false,
        effect: `The password until now ends, and so do all sessions of ${login}. Personal API tokens stay.`,
      };
    case 'door':
      return disabled
        ? { title: `Let ${login} in again?`, action: 'Let in', danger: false, effect: 'They sign in as before.' }
        : {
            title: `Keep ${login} out?`,
            action: 'Keep out',
            danger: true,
            effect: `Ends all sessions of ${login} at once, and refuses their tokens until they are let in again. What they made stays.`,
          };
    case 'delete':
      return {
        title: `Delete ${login}?`,
        action: 'Delete',
        danger: true,
        effect: `Ends all sessions, tokens and try-outs of ${login}. Connectors and apps that they made stay. It cannot be undone.`,
      };
  }
}
