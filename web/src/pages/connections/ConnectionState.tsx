// How a connection stands: an icon and a word, never a colour alone.

import { Group, Text } from '@mantine/core';
import {
  IconAlertTriangle,
  IconCircleCheck,
  IconClockPause,
  IconHelpCircle,
  IconRefresh,
  type Icon,
} from '@tabler/icons-react';

interface Look {
  word: string;
  icon: Icon;
  colour: string;
}

/** The states that the API knows, in the order in which they want attention. */
export const STATES: Readonly<Record<string, Look>> = {
  sign_in_required: { word: 'Needs a sign-in', icon: IconAlertTriangle, colour: 'var(--mantine-color-error)' },
  uncertain: { word: 'Uncertain', icon: IconHelpCircle, colour: 'var(--page-warning)' },
  backoff: { word: 'Tries again later', icon: IconClockPause, colour: 'var(--page-warning)' },
  renewing: { word: 'Being renewed', icon: IconRefresh, colour: 'var(--page-accent)' },
  fresh: { word: 'Signed in', icon: IconCircleCheck, colour: 'var(--page-good)' },
};

/** Whether the reason says more than the state does. */
export function saysMore({ state, reason }: { state: string; reason: string }): boolean {
  return reason.toLowerCase() !== STATES[state]?.word.toLowerCase();
}

/** The state in words; one that this page does not know yet is told as it is. */
export function ConnectionState({ state }: { state: string }) {
  const { word, icon: Icon, colour } = STATES[state] ?? { word: state, icon: IconHelpCircle, colour: 'inherit' };
  return (
    <Group gap={6} wrap="nowrap" c={colour}>
      <Icon size={17} stroke={1.9} aria-hidden style={{ flexShrink: 0 }} />
      <Text inherit fw={550}>
        {word}
      </Text>
    </Group>
  );
}
