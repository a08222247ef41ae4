// Why a test failed: what, where, the likely cause, and the way to the field that mends it.

import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useEffect, useRef } from 'react';
import type { TestFailure } from '../../../api/testRuns.ts';
import { parsePath } from '../../../document/path.ts';
import { useForm } from '../context.ts';
import { showField } from '../showField.ts';

/** The failure; it comes into view once. */
export function Failed({ failure }: { failure: TestFailure }) {
  const form = useForm();
  const place = useRef<HTMLDivElement>(null);
  // Newer browsers give a promise back, which is no clean-up of an effect.
  useEffect(() => {
    place.current?.scrollIntoView({ block: 'nearest' });
  }, []);
  const { message, cause, help, step, path, line, nearest } = failure;
  const where = [step && `step ${step}`, line && `line ${line}`].filter(Boolean).join(', ');
  const value = path ? form.at(parsePath(path)) : undefined;
  const fixed = fixOf(value, failure);
  return (
    <Alert ref={place} color="red" variant="light" role="alert" icon={<IconAlertTriangle aria-hidden />} title={message}>
      <Stack gap="xs">
        {where !== '' && <Text size="sm">At {where}.</Text>}
        {cause && <Text size="sm">{cause}</Text>}
        {help && <Text size="sm">{help}</Text>}
        <Group gap="xs">
          {path && (
            <Button size="compact-sm" variant="default" onClick={() => showField(path)}>
              Show the field
            </Button>
          )}
          {path && fixed !== null && !form.readOnly && (
            <Button size="compact-sm" onClick={() => form.set(parsePath(path), fixed)}>
              Use {nearest}
            </Button>
          )}
        </Group>
      </Stack>
    </Alert>
  );
}

/** The template with the path that was probably meant, where it has one alone. */
function fixOf(value: unknown, { nearest }: TestFailure): string | null {
  if (!nearest || typeof value !== 'string') return null;
  const names = [...value.matchAll(/\{\{\s*([\w.[\]-]+)/g)];
  const [only] = names;
  return names.length === 1 && only?.[1] ? value.replace(only[1], nearest) : null;
}
