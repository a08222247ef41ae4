// What an endpoint answered to a call with a connection: status, time, size, body pretty or raw, headers, the same by curl.

import { Alert, Group, SegmentedControl, Stack, Text } from '@mantine/core';
import { IconCircleCheck, IconCircleX } from '@tabler/icons-react';
import { useState } from 'react';
import type { Tried } from '../../../api/tries.ts';
import { CopyButton } from '../../../ui/CopyButton.tsx';
import classes from './test.module.css';

type View = 'pretty' | 'raw' | 'headers';

/** The answer. */
export function TriedView({ tried }: { tried: Tried }) {
  const [view, setView] = useState<View>('pretty');
  const { status, millis, bytes, expected, why, renewed, attempts, body, headers, curl } = tried;
  return (
    <Stack gap="xs" role="region" aria-label="Answer">
      <Text size="sm" className={classes.verdict}>
        {expected ? (
          <IconCircleCheck size={18} className={classes.good} aria-hidden />
        ) : (
          <IconCircleX size={18} className={classes.bad} aria-hidden />
        )}
        <span>
          {status}, {expected ? 'as expected' : 'not what is expected'}, {millis} ms
          {bytes != null && `, ${bytes} bytes`}
          {attempts > 1 && `, sent ${attempts} times`}
        </span>
      </Text>
      {renewed && <Text size="sm">The session was over and has been renewed for it.</Text>}
      {why && (
        <Alert color="orange" variant="light">
          {why}
        </Alert>
      )}
      <Group justify="space-between">
        <SegmentedControl
          size="xs"
          aria-label="Shown of the answer"
          value={view}
          onChange={setView}
          data={[
            { value: 'pretty', label: 'Pretty' },
            { value: 'raw', label: 'Raw' },
            { value: 'headers', label: 'Headers' },
          ]}
        />
        <CopyButton text={curl} what="the call as curl through the gateway" />
      </Group>
      {/* It scrolls, so that the keyboard has to reach it. */}
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <pre className={classes.block} tabIndex={0} aria-label="Answer’s text" role="region">
        {view === 'headers'
          ? headers.map(({ name, value }) => `${name}: ${value}`).join('\n')
          : body == null
            ? 'No text, or too large to show.'
            : view === 'raw'
              ? body
              : pretty(body)}
      </pre>
    </Stack>
  );
}

/** JSON in lines; anything else as it is. */
function pretty(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    return body;
  }
}
