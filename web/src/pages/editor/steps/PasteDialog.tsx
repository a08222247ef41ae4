// Where steps are pasted as text when the browser keeps the clipboard to itself.

import { Button, Group, Modal, Textarea } from '@mantine/core';
import { useState } from 'react';

interface Props {
  opened: boolean;
  onClose: () => void;
  onPaste: (text: string) => void;
}

/** The dialog. */
export function PasteDialog({ opened, onClose, onPaste }: Props) {
  const [text, setText] = useState('');
  const paste = () => {
    onPaste(text);
    setText('');
    onClose();
  };
  return (
    <Modal opened={opened} onClose={onClose} title="Paste steps">
      <Textarea
        label="Steps as YAML"
        description="The browser does not show the clipboard here: paste into this box."
        autosize
        minRows={6}
        maxRows={18}
        data-autofocus
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
      />
      <Group justify="flex-end" mt="md">
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button onClick={paste} disabled={text.trim() === ''}>
          Add the steps
        </Button>
      </Group>
    </Modal>
  );
}
