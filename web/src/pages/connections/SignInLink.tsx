// A link by which the user whose connection it is signs in again, to be sent to them.

import { Stack, Text } from '@mantine/core';
import type { Connection } from '../../api/connections.ts';
import { Snippet } from '../../ui/Snippet.tsx';
import { owner } from './told.ts';

/** The link, and who may have it. */
export function SignInLink({ connection, link }: { connection: Connection; link: string }) {
  return (
    <Stack gap="xs">
      <Text>
        Send this link to {owner(connection)}. It works once, within five minutes. Whoever opens it signs in for them, so
        do not open it yourself.
      </Text>
      <Snippet text={link} what="the sign-in link" />
    </Stack>
  );
}
