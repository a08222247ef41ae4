// A link by which the user whose connection it is signs in again, to be sent to them.

import { Alert, Stack } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import type { Connection } from '../../api/connections.ts';
import { Snippet } from '../../ui/Snippet.tsx';
import { owner } from './told.ts';

/** The link, and who may have it. */
export function SignInLink({ connection, link }: { connection: Connection; link: string }) {
  return (
    <Stack gap="xs">
      <Alert
        color="orange"
        icon={<IconAlertTriangle aria-hidden />}
        title={`It is for ${owner(connection)} alone: do not open it yourself`}
      >
        Whoever opens it signs in for them, with an account that then is used in their name. It works once, within five
        minutes; send it by a way that only they read.
      </Alert>
      <Snippet text={link} what="the sign-in link" />
    </Stack>
  );
}
