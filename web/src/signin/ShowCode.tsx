// A code that the person enters at the API, on any device, while the sign-in waits.

import { Anchor, Group, Loader, Stack, Text } from '@mantine/core';
import type { components } from '../api/schema.ts';
import { CopyButton } from '../ui/CopyButton.tsx';
import { Moment } from '../ui/Moment.tsx';

/** The code, where it goes, and the same as a picture for a phone. */
export function ShowCode({ show }: { show: components['schemas']['ShowView'] }) {
  return (
    <Stack>
      <Text>
        Open{' '}
        <Anchor href={show.complete_url ?? show.url} target="_blank" rel="noreferrer">
          {show.url}
        </Anchor>{' '}
        on any device and enter this code:
      </Text>
      <Group>
        <Text ff="monospace" fz={28} fw={650} lts={2}>
          {show.code}
        </Text>
        <CopyButton text={show.code} what="the code" />
      </Group>
      {show.qr && (
        <img
          src={`data:image/svg+xml,${encodeURIComponent(show.qr)}`}
          width={168}
          height={168}
          alt="The address as a QR code, for a phone"
        />
      )}
      <Group gap="xs" role="status">
        <Loader size="xs" />
        <Text size="sm" c="dimmed">
          Waiting for you. The code runs out <Moment at={show.expires_at} />.
        </Text>
      </Group>
    </Stack>
  );
}
