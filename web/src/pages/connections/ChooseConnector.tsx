// Chooses which connector one of our own people signs in to, and says for whom that is.

import { Alert, Button, Group, Modal, Select, Stack } from '@mantine/core';
import { IconUser, IconUsers } from '@tabler/icons-react';
import { useState } from 'react';
import { useAccount } from '../../api/session.ts';
import type { components } from '../../api/schema.ts';
import { SignIn } from '../../signin/SignIn.tsx';
import { useFocusBack } from '../../ui/useFocusBack.ts';

interface Props {
  opened: boolean;
  onClose: () => void;
  connectors: readonly components['schemas']['ConnectorView'][];
}

/** The dialog, which goes on as the sign-in itself. */
export function ChooseConnector({ opened, onClose, connectors }: Props) {
  // The sign-in takes the place of the dialog, so that neither alone knows where the focus was.
  useFocusBack(opened);
  const { login } = useAccount();
  const [connector, setConnector] = useState<string | null>(null);
  const [environment, setEnvironment] = useState('');
  const [begun, setBegun] = useState(false);
  const chosen = connectors.find((it) => it.connector === connector);
  const close = () => {
    setConnector(null);
    setEnvironment('');
    setBegun(false);
    onClose();
  };
  const title = (it: (typeof connectors)[number]) => it.title || it.connector;
  if (begun && chosen) {
    return (
      <SignIn
        title={title(chosen)}
        warning={
          chosen.owner === 'shared' &&
          `All users of all apps that use ${title(chosen)} call with the account that you sign in with here.`
        }
        asked={{ connector: chosen.connector, ...(environment && { environment }) }}
        onClose={close}
      />
    );
  }
  const isShared = chosen?.owner === 'shared';
  return (
    <Modal opened={opened} onClose={close} title="Sign in to a connector">
      <Stack>
        <Select
          label="Connector"
          data={connectors.map((it) => ({ value: it.connector, label: title(it) }))}
          value={connector}
          onChange={setConnector}
          searchable
          data-autofocus
        />
        {chosen && chosen.environments.length > 0 && (
          <Select
            label="Environment"
            data={[{ value: '', label: 'As written' }, ...chosen.environments]}
            value={environment}
            onChange={(value) => setEnvironment(value ?? '')}
          />
        )}
        {chosen &&
          (isShared ? (
            <Alert role="note" icon={<IconUsers aria-hidden />} title="For everybody">
              All users of all apps that use {title(chosen)} call with this one account. Sign in with an account that is
              made for that, not with your own.
            </Alert>
          ) : (
            <Alert icon={<IconUser aria-hidden />} title={`For ${login} alone`}>
              Each user signs in to {title(chosen)} by themselves. This sign-in is for trying it out; no app uses it.
            </Alert>
          ))}
        <Group justify="flex-end">
          <Button variant="default" onClick={close}>
            Cancel
          </Button>
          <Button disabled={!chosen} onClick={() => setBegun(true)}>
            Sign in
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
