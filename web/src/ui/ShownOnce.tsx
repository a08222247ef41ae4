// A key or token that was just made. It is in this component's memory alone, and gone with it.

import { Alert, Button, Group, Modal, Stack, TextInput } from '@mantine/core';
import { IconEyeOff } from '@tabler/icons-react';
import { useRef, type ReactNode } from 'react';
import { CopyButton } from './CopyButton.tsx';

interface Props {
  /** What it is, such as `key`. */
  what: string;
  /** The key; null where none is to be shown. */
  secret: string | null;
  /** What to do with it. */
  children: ReactNode;
  onClose: () => void;
}

/** A dialog that is not closed by a slip: the key cannot be had again. */
export function ShownOnce({ what, secret, children, onClose }: Props) {
  const field = useRef<HTMLInputElement>(null);
  return (
    <Modal
      opened={secret !== null}
      onClose={onClose}
      title={`The new ${what}`}
      closeOnClickOutside={false}
      withCloseButton={false}
      size="lg"
    >
      <Stack>
        <Alert icon={<IconEyeOff aria-hidden />} title={`It is shown this once. Stepgate cannot show the ${what} again.`}>
          {children}
        </Alert>
        <TextInput
          ref={field}
          label={what.charAt(0).toUpperCase() + what.slice(1)}
          value={secret ?? ''}
          readOnly
          data-autofocus
          autoComplete="off"
          ff="monospace"
          onFocus={(event) => event.currentTarget.select()}
        />
        <Group justify="flex-end">
          <CopyButton text={secret ?? ''} what={what} select={() => field.current?.select()} />
          <Button onClick={onClose}>I have copied it</Button>
        </Group>
      </Stack>
    </Modal>
  );
}
