// What shows where something failed: what happened, what to do, and the reference for whoever reads the log.

import { Alert, Button, Code, Stack, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { ApiError } from '../api/problem.ts';

/** A failure, in the place of what did not load or beside what did not work. */
export function Failure({ error, reset }: { error: unknown; reset?: () => void }) {
  const problem = error instanceof ApiError ? error.problem : null;
  const title = problem?.detail ?? 'This page has a fault. What you saved is safe.';
  return (
    <Alert
      role="alert"
      color="red"
      variant="light"
      my="md"
      w="100%"
      icon={<IconAlertTriangle aria-hidden />}
      title={title}
    >
      <Stack gap="xs" align="flex-start">
        {problem?.help && <Text size="sm">{problem.help}</Text>}
        {!problem && error instanceof Error && <Code>{error.message}</Code>}
        {problem?.request_id && (
          <Text size="sm">
            Reference: <Code>{problem.request_id}</Code>
          </Text>
        )}
        {reset && (
          <Button size="xs" variant="default" onClick={reset}>
            Try again
          </Button>
        )}
      </Stack>
    </Alert>
  );
}
