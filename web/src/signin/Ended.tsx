// A sign-in that came to nothing: what happened, what to do, and another try.

import { Alert, Button, Code, Group, Stack, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import type { Run } from './runs.ts';

interface Props {
  run: Run;
  onAgain: () => void;
  onClose: () => void;
}

/** What is told. */
export function Ended({ run, onAgain, onClose }: Props) {
  const { error } = run;
  const otherwise = run.state === 'expired' ? 'This sign-in waited too long and is over.' : 'This sign-in was given up.';
  return (
    <>
      <Alert color="red" role="alert" icon={<IconAlertTriangle aria-hidden />} title={error?.detail ?? otherwise}>
        <Stack gap="xs">
          {error && error.cause !== error.detail && <Text size="sm">{error.cause}</Text>}
          {error?.help && <Text size="sm">{error.help}</Text>}
          {error && (
            <Text size="sm">
              {error.step && <>Step {error.step}. </>}Reference: <Code>{error.code}</Code>
            </Text>
          )}
          <Text size="sm">What was stored before stays as it is.</Text>
        </Stack>
      </Alert>
      <Group justify="flex-end">
        <Button variant="default" onClick={onClose}>
          Close
        </Button>
        <Button onClick={onAgain} data-autofocus>
          Sign in again
        </Button>
      </Group>
    </>
  );
}
