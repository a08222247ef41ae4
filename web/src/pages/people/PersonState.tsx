// How a person's account stands: an icon and a word, never a colour alone.

import { Group, Text } from '@mantine/core';
import { IconCircleCheck, IconLock, IconMail, IconMailOff } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import type { Person } from '../../api/people.ts';
import { Moment } from '../../ui/Moment.tsx';

/** Whether somebody has an account that they have never come in to. */
export function isInvited({ has_password: hasPassword, identities }: Person): boolean {
  return !hasPassword && identities.length === 0;
}

/** The state. */
export function PersonState({ person }: { person: Person }) {
  const { disabled, set_up_link: link } = person;
  if (disabled) return state(<IconLock size={16} aria-hidden />, 'Kept out', 'var(--page-warning)');
  if (isInvited(person)) {
    return link
      ? state(
          <IconMail size={16} aria-hidden />,
          <>
            Invited, until <Moment at={link.expires_at} />
          </>,
          'var(--page-accent)',
        )
      : state(<IconMailOff size={16} aria-hidden />, 'Invited, the link has ended', 'var(--page-warning)');
  }
  return (
    <>
      {state(<IconCircleCheck size={16} aria-hidden />, 'Open', 'var(--page-good)')}
      {link && (
        <Text size="sm" c="dimmed">
          A link for a new password works until <Moment at={link.expires_at} />
        </Text>
      )}
    </>
  );
}

/** What lets a person in, in words. */
export function signsInBy({ has_password: hasPassword, identities }: Person): string {
  const ways = [...(hasPassword ? ['Password'] : []), ...new Set(identities.map(({ provider }) => provider))];
  return ways.join(', ') || 'nothing yet';
}

function state(icon: ReactNode, words: ReactNode, colour: string) {
  return (
    <Group gap={6} wrap="nowrap">
      <Text component="span" c={colour} lh={0}>
        {icon}
      </Text>
      <span>{words}</span>
    </Group>
  );
}
