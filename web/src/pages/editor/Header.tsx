// The editor's head: which connector, whether it is saved, and what can be done with it.

import { ActionIcon, Alert, Badge, Button, Group, Menu, Text, Title } from '@mantine/core';
import {
  IconArrowBackUp,
  IconArrowForwardUp,
  IconArrowLeft,
  IconDots,
  IconDownload,
  IconHistory,
  IconPencil,
  IconPlayerPlay,
} from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { DefinitionView } from '../../api/connectors.ts';
import { valueAt } from '../../document/reading.ts';
import { download } from '../../ui/download.ts';
import { Conflict } from './Conflict.tsx';
import { useEditor, useSnapshot } from './context.ts';
import classes from './Header.module.css';
import type { Drafting } from './useDraft.ts';
import type { Saving } from './useSaving.ts';
import { Versions } from './Versions.tsx';

interface Props {
  connector: DefinitionView;
  saving: Saving;
  drafting: Drafting;
  onTest: () => void;
}

/** The head. */
export function Header({ connector, saving, drafting, onTest }: Props) {
  const { store, isFixed } = useEditor();
  const { reading, isChanged, canUndo } = useSnapshot(store);
  const [shows, setShows] = useState(false);
  const title = valueAt(reading.value, ['title']);
  const name = connector.connector;
  return (
    <>
      <header className={classes.head}>
        <ActionIcon component={Link} to="/" variant="subtle" color="gray" aria-label="All connectors">
          <IconArrowLeft size={18} />
        </ActionIcon>
        <div className={classes.names}>
          <Title order={1} size="h3" className={classes.title}>
            {typeof title === 'string' && title !== '' ? title : name}
          </Title>
          <Text size="xs" c="dimmed" className={classes.state}>
            {name} ·{' '}
            {isFixed ? `from ${connector.file ?? 'a file'}` : isChanged ? <Unsaved drafting={drafting} /> : `Version ${saving.version}, saved`}
          </Text>
        </div>
        <Group gap={4} wrap="nowrap">
          {!isFixed && (
            <span className={classes.history}>
              <ActionIcon variant="subtle" color="gray" aria-label="Undo" disabled={!canUndo} onClick={() => store.undo()}>
                <IconArrowBackUp size={18} />
              </ActionIcon>
              <ActionIcon variant="subtle" color="gray" aria-label="Redo" disabled={!canUndo} onClick={() => store.redo()}>
                <IconArrowForwardUp size={18} />
              </ActionIcon>
            </span>
          )}
          <Menu>
            <Menu.Target>
              <ActionIcon variant="subtle" color="gray" aria-label="More">
                <IconDots size={18} />
              </ActionIcon>
            </Menu.Target>
            <Menu.Dropdown>
              {!isFixed && (
                <Menu.Item leftSection={<IconHistory size={15} aria-hidden />} onClick={() => setShows(true)}>
                  Versions
                </Menu.Item>
              )}
              <Menu.Item
                leftSection={<IconDownload size={15} aria-hidden />}
                onClick={() => download(`${name}.yaml`, store.current().text)}
              >
                Export
              </Menu.Item>
            </Menu.Dropdown>
          </Menu>
          <Button variant="default" size="sm" leftSection={<IconPlayerPlay size={15} aria-hidden />} onClick={onTest}>
            Test
          </Button>
          {isFixed ? (
            <Badge variant="light" color="gray" tt="none" size="lg">
              Managed by file
            </Badge>
          ) : (
            <Button size="sm" onClick={saving.save} loading={saving.isSaving} disabled={!isChanged}>
              Save
            </Button>
          )}
        </Group>
      </header>
      {drafting.found && (
        <Alert
          color="orange"
          role="status"
          radius={0}
          py="xs"
          icon={<IconPencil aria-hidden />}
          title={
            <>
              Draft from <At moment={drafting.found.updated_at} />, not saved
            </>
          }
        >
          <Group gap="xs">
            <Button size="compact-sm" onClick={drafting.goOn}>
              Go on
            </Button>
            <Button size="compact-sm" variant="default" onClick={drafting.discard}>
              Discard
            </Button>
            {isChanged && <Text size="sm">Decide first: what you type now is not kept as a draft.</Text>}
          </Group>
        </Alert>
      )}
      {saving.error && (
        <Alert color="red" role="alert" title={saving.error.problem.detail} withCloseButton onClose={saving.forget} closeButtonLabel="Close" radius={0}>
          {saving.error.problem.help}
          {saving.error.definitionProblems.length > 0 && 'Mend the problems below, then save again.'}
        </Alert>
      )}
      {saving.overtaken !== null && <Conflict name={name} version={saving.overtaken} saving={saving} />}
      <Versions name={name} opened={shows} onClose={() => setShows(false)} saving={saving} />
    </>
  );
}

/** That it is not saved, and whether a draft of it is kept. */
function Unsaved({ drafting: { kept } }: { drafting: Drafting }) {
  switch (kept.state) {
    case 'kept':
      return (
        <>
          Not saved · draft kept <At moment={kept.at} />
        </>
      );
    case 'failed':
      return (
        <Text span inherit c="error" title={kept.error.problem.detail}>
          Not saved · no draft is kept: {kept.error.problem.detail}
        </Text>
      );
    case 'none':
    case 'waiting':
      return 'Not saved';
  }
}

/** The time of day, with the date where it is another day. */
function At({ moment }: { moment: string }) {
  const date = new Date(moment);
  const isToday = date.toDateString() === new Date().toDateString();
  const time = date.toLocaleTimeString(undefined, { timeStyle: 'short' });
  return <time dateTime={moment}>{isToday ? time : `${date.toLocaleDateString(undefined, { dateStyle: 'medium' })}, ${time}`}</time>;
}
