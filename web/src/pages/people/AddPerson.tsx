// Gives a person an account: with a link by which they set a password, or with a first one that is made here.

import { Button, Group, Modal, Radio, Stack, TextInput } from '@mantine/core';
import { useState, type SyntheticEvent } from 'react';
import { useAddPerson, type Role } from '../../api/people.ts';
import { Failure } from '../../ui/Failure.tsx';
import { firstPassword } from './firstPassword.ts';
import type { Given } from './Handover.tsx';

interface Props {
  opened: boolean;
  onClose: () => void;
  onGiven: (given: Given) => void;
}

/** The dialog. */
export function AddPerson({ opened, onClose, onGiven }: Props) {
  return (
    <Modal opened={opened} onClose={onClose} title="Add a person">
      <PersonForm onClose={onClose} onGiven={onGiven} />
    </Modal>
  );
}

function PersonForm({ onClose, onGiven }: Omit<Props, 'opened'>) {
  const add = useAddPerson();
  const [login, setLogin] = useState('');
  const [role, setRole] = useState<Role>('builder');
  const [way, setWay] = useState<'link' | 'password'>('link');
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    const password = way === 'password' ? firstPassword() : undefined;
    add.mutate(
      { login, role, ...(password !== undefined && { password }) },
      {
        onSuccess(made) {
          onClose();
          if (password !== undefined) onGiven({ login, password });
          else if (made.set_up_link) onGiven({ login, link: made.set_up_link });
        },
      },
    );
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        <TextInput
          label="Name"
          description="What they sign in with: lower-case letters, digits and . _ @ + -"
          placeholder="ada"
          value={login}
          maxLength={64}
          required
          withAsterisk={false}
          data-autofocus
          autoComplete="off"
          error={add.error?.at('login')}
          onChange={(event) => setLogin(event.currentTarget.value)}
        />
        <Radio.Group label="Role" value={role} onChange={setRole}>
          <Stack gap="xs" mt="xs">
            <Radio value="builder" label="Builder" description="Makes connectors, apps and shared connections" />
            <Radio value="admin" label="Admin" description="Also looks after people and settings" />
          </Stack>
        </Radio.Group>
        <Radio.Group label="How they get in" value={way} onChange={setWay}>
          <Stack gap="xs" mt="xs">
            <Radio value="link" label="By a link" description="They set a password of their own; it works once, for three days" />
            <Radio value="password" label="With a first password" description="Made here, handed over by you, changed by them" />
          </Stack>
        </Radio.Group>
        {add.isError && add.error.field !== 'login' && <Failure error={add.error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={add.isPending}>
            {way === 'link' ? 'Add and show the link' : 'Add and show the password'}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
