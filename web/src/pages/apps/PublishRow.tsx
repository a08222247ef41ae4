// One connector in the list of those that an app may use.

import { ActionIcon, Checkbox, Group, Switch, Text } from '@mantine/core';
import { IconArrowDown, IconArrowUp } from '@tabler/icons-react';
import type { AppUse, Publication } from '../../api/apps.ts';
import type { components } from '../../api/schema.ts';
import { Moment } from '../../ui/Moment.tsx';
import classes from './PublishRow.module.css';
import { connected } from './publishing.ts';

interface Props {
  connector: string;
  /** None where it was deleted. */
  about: components['schemas']['ConnectorView'] | undefined;
  /** None where it is not published. */
  publication: Publication | undefined;
  /** None where it was never used. */
  use: AppUse | undefined;
  isFirst: boolean;
  isLast: boolean;
  onPublish: (published: boolean) => void;
  onSelect: (selected: boolean) => void;
  onMove: (by: 1 | -1) => void;
}

/** The row. */
export function PublishRow({ connector, about, publication, use, isFirst, isLast, onPublish, onSelect, onMove }: Props) {
  const title = about === undefined || about.title === '' ? connector : about.title;
  const isShared = about?.owner === 'shared';
  return (
    <li className={classes.row}>
      <Checkbox
        className={classes.name}
        checked={publication !== undefined}
        onChange={(event) => onPublish(event.currentTarget.checked)}
        label={title}
        description={
          <>
            {title !== connector && `${connector} · `}
            <Used use={use} isShared={isShared} />
          </>
        }
      />
      {publication && (
        <>
          {isShared ? (
            <Text size="sm" c="dimmed" className={classes.asked}>
              Signed in once for all: users need do nothing
            </Text>
          ) : (
            <Switch
              className={classes.asked}
              label="Ask users to sign in"
              aria-label={`Ask users to sign in to ${title}`}
              checked={publication.selected}
              onChange={(event) => onSelect(event.currentTarget.checked)}
            />
          )}
          <Group gap={4} wrap="nowrap">
            <ActionIcon
              variant="subtle"
              color="gray"
              aria-label={`Move ${title} up`}
              aria-disabled={isFirst}
              data-disabled={isFirst || undefined}
              onClick={() => onMove(-1)}
            >
              <IconArrowUp size={17} aria-hidden />
            </ActionIcon>
            <ActionIcon
              variant="subtle"
              color="gray"
              aria-label={`Move ${title} down`}
              aria-disabled={isLast}
              data-disabled={isLast || undefined}
              onClick={() => onMove(1)}
            >
              <IconArrowDown size={17} aria-hidden />
            </ActionIcon>
          </Group>
        </>
      )}
    </li>
  );
}

function Used({ use, isShared }: { use: AppUse | undefined; isShared: boolean }) {
  const users = use && use.users > 0 ? ` · ${connected(use.users)}` : '';
  if (!use?.last_called_at) return <>never used{users}</>;
  return (
    <>
      last called <Moment at={use.last_called_at} />
      {isShared && use.users === 0 ? ' by some app' : users}
    </>
  );
}
