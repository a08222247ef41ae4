// How a flow run stands: an icon and a word, never a colour alone.

import { Group, Text } from '@mantine/core';
import {
  IconAlertTriangle,
  IconCircleCheck,
  IconCircleOff,
  IconClockOff,
  IconHelpCircle,
  IconLoader2,
  IconUserQuestion,
  type Icon,
} from '@tabler/icons-react';

interface Look {
  word: string;
  icon: Icon;
  colour: string;
}

/** The states that the API knows, those that go on first. */
export const STATES: Readonly<Record<string, Look>> = {
  working: { word: 'Running', icon: IconLoader2, colour: 'var(--page-accent)' },
  waiting: { word: 'Waits for a person', icon: IconUserQuestion, colour: 'var(--page-warning)' },
  signed_in: { word: 'Signed in', icon: IconCircleCheck, colour: 'var(--page-good)' },
  stepped_up: { word: 'Confirmed', icon: IconCircleCheck, colour: 'var(--page-good)' },
  done: { word: 'Done', icon: IconCircleCheck, colour: 'var(--page-good)' },
  failed: { word: 'Failed', icon: IconAlertTriangle, colour: 'var(--mantine-color-error)' },
  expired: { word: 'Waited too long', icon: IconClockOff, colour: 'var(--mantine-color-dimmed)' },
  cancelled: { word: 'Given up', icon: IconCircleOff, colour: 'var(--mantine-color-dimmed)' },
};

/** The state in words; one that this page does not know yet is told as it is. */
export function RunState({ state }: { state: string }) {
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
