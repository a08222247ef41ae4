// What can be done to a person's account; what ends something says what, and asks.

import { ActionIcon, Menu } from '@mantine/core';
import { IconDots } from '@tabler/icons-react';
import { useState } from 'react';
import {
  useChangePerson,
  useDeletePerson,
  useMakeSetUpLink,
  useRevokeSetUpLink,
  useUnlinkPerson,
  type Person,
} from '../../api/people.ts';
import { Confirm } from '../../ui/Confirm.tsx';
import { firstPassword } from './firstPassword.ts';
import type { Given } from './Handover.tsx';
import { PersonSessions } from './PersonSessions.tsx';
import { asked, type Act } from './questions.ts';

interface Props {
  person: Person;
  isSelf: boolean;
  onGiven: (given: Given) => void;
}

/** The menu, with its questions. */
export function PersonMenu({ person, isSelf, onGiven }: Props) {
  const { login, role, disabled, identities, set_up_link: link } = person;
  const [asking, setAsking] = useState<Act | null>(null);
  const [looking, setLooking] = useState(false);
  const change = useChangePerson(person);
  const remove = useDeletePerson(login);
  const makeLink = useMakeSetUpLink(login);
  const revokeLink = useRevokeSetUpLink(login);
  const unlink = useUnlinkPerson(login);
  const all = [change, remove, makeLink, revokeLink, unlink];
  const close = () => {
    setAsking(null);
    for (const one of all) one.reset();
  };
  const give = (given: Given) => {
    close();
    onGiven(given);
  };
  const act = (what: Act) => {
    const onSuccess = close;
    switch (what.kind) {
      case 'role':
        change.mutate({ role: role === 'admin' ? 'builder' : 'admin' }, { onSuccess });
        break;
      case 'door':
        change.mutate({ disabled: !disabled }, { onSuccess });
        break;
      case 'delete':
        remove.mutate(undefined, { onSuccess });
        break;
      case 'revoke':
        revokeLink.mutate(undefined, { onSuccess });
        break;
      case 'unlink':
        unlink.mutate(what.identity.id, { onSuccess });
        break;
      case 'link':
        makeLink.mutate(undefined, { onSuccess: (made) => give({ login, link: made }) });
        break;
      case 'password': {
        const password = firstPassword();
        change.mutate({ password }, { onSuccess: () => give({ login, password }) });
      }
    }
  };
  const question = asking && asked(asking, person);
  const itself = isSelf ? ' (under Account)' : '';
  return (
    <>
      <Menu width={250} position="bottom-end">
        <Menu.Target>
          <ActionIcon variant="subtle" color="gray" size="lg" aria-label={`What can be done to ${login}`}>
            <IconDots size={18} aria-hidden />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => setAsking({ kind: 'role' })}>
            {role === 'admin' ? 'Make a builder' : 'Make an admin'}
          </Menu.Item>
          <Menu.Divider />
          <Menu.Item onClick={() => setAsking({ kind: 'link' })} disabled={disabled}>
            {link ? 'New link in its place' : 'Link to set a password'}
          </Menu.Item>
          {link && <Menu.Item onClick={() => setAsking({ kind: 'revoke' })}>Take the link back</Menu.Item>}
          <Menu.Item onClick={() => setAsking({ kind: 'password' })} disabled={isSelf}>
            New password{itself}
          </Menu.Item>
          {identities.map((identity) => (
            <Menu.Item key={identity.id} onClick={() => setAsking({ kind: 'unlink', identity })}>
              Unlink from {identity.provider}
            </Menu.Item>
          ))}
          <Menu.Item onClick={() => setLooking(true)}>Sessions</Menu.Item>
          <Menu.Divider />
          <Menu.Item onClick={() => setAsking({ kind: 'door' })} disabled={isSelf}>
            {disabled ? 'Let in again' : 'Keep out'}
          </Menu.Item>
          <Menu.Item color="red" onClick={() => setAsking({ kind: 'delete' })} disabled={isSelf}>
            Delete
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <PersonSessions login={login} isSelf={isSelf} opened={looking} onClose={() => setLooking(false)} />
      <Confirm
        opened={question !== null}
        title={question?.title ?? ''}
        action={question?.action ?? ''}
        danger={question?.danger}
        working={all.some((one) => one.isPending)}
        error={all.find((one) => one.isError)?.error}
        onClose={close}
        onConfirm={() => asking && act(asking)}
      >
        {question?.effect}
      </Confirm>
    </>
  );
}
