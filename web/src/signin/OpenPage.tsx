// A page of the API that the person has to open. It opens in the click itself, which no browser blocks.

import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { IconExternalLink } from '@tabler/icons-react';
import { useState } from 'react';
import type { components } from '../api/schema.ts';
import { CopyButton } from '../ui/CopyButton.tsx';

/** The way to the page. That the sign-in went on is told by the server, never by the window. */
export function OpenPage({ open, title }: { open: components['schemas']['OpenView']; title: string }) {
  const [begun, setBegun] = useState<'opened' | 'blocked' | null>(null);
  const go = () => setBegun(window.open(open.url, '_blank', 'popup,width=560,height=720') ? 'opened' : 'blocked');
  return (
    <Stack>
      {open.refused && <Alert color="red" role="alert" title={open.refused} />}
      {begun === 'blocked' && (
        <Alert color="orange" role="alert" title="Your browser blocked the sign-in window.">
          Open it again, copy the link into another window of this browser, or continue in this tab and come back.
        </Alert>
      )}
      <Text>
        {begun === 'opened'
          ? `Sign in to ${title} in the other window. This page goes on by itself.`
          : `${title} has a page of its own to sign in. It opens in another window.`}
      </Text>
      <Group gap="xs">
        <Button
          onClick={go}
          data-autofocus
          variant={begun === 'opened' ? 'default' : 'filled'}
          leftSection={<IconExternalLink size={17} aria-hidden />}
        >
          {begun === null ? 'Open the sign-in window' : 'Window closed? Open again'}
        </Button>
        {begun !== null && (
          <>
            <CopyButton text={open.url} what="the link" />
            <Button component="a" href={open.url} variant="subtle">
              Use this tab
            </Button>
          </>
        )}
      </Group>
    </Stack>
  );
}
