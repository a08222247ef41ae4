// Sets the value of a secret. An empty field changes nothing.

import { Button, Group, Modal, Stack, Textarea } from '@mantine/core';
import { useState, type SyntheticEvent } from 'react';
import { useSetSecret, type Secret, type SecretPlace } from '../../api/secrets.ts';
import { Failure } from '../../ui/Failure.tsx';
import { useSay } from '../../ui/LiveRegion.tsx';
import classes from './SetSecret.module.css';

interface Props {
  place: SecretPlace;
  /** Which; null where none is being set. */
  secret: Secret | null;
  onClose: () => void;
}

/** The dialog. */
export function SetSecret({ place, secret, onClose }: Props) {
  const verb = secret?.set ? 'Replace' : 'Set';
  return (
    <Modal opened={secret !== null} onClose={onClose} title={`${verb} ${secret?.name ?? ''}`}>
      {secret && <ValueForm place={place} secret={secret} verb={verb} onClose={onClose} />}
    </Modal>
  );
}

interface FormProps {
  place: SecretPlace;
  secret: Secret;
  verb: string;
  onClose: () => void;
}

function ValueForm({ place, secret, verb, onClose }: FormProps) {
  const set = useSetSecret(place);
  const say = useSay();
  const [value, setValue] = useState('');
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    set.mutate(
      { secret: secret.name, value },
      {
        onSuccess() {
          say(`${secret.name} is set.`);
          onClose();
        },
      },
    );
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        {/* No password field: browsers would offer to keep it, and would fill in what is no password of theirs. */}
        <Textarea
          label="Value"
          description="It is stored sealed, and shown to nobody again."
          value={value}
          autosize
          minRows={1}
          maxRows={8}
          data-autofocus
          autoComplete="off"
          spellCheck={false}
          classNames={{ input: classes.hidden }}
          error={set.error?.at('value')}
          onChange={(event) => setValue(event.currentTarget.value)}
        />
        {set.isError && set.error.field !== 'value' && <Failure error={set.error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={set.isPending} disabled={value === ''}>
            {verb}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
