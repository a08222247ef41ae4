// One connector of the list: what it is, where it comes from, and what can be done with it.

import { ActionIcon, Badge, Menu, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconCopy, IconDots, IconDownload, IconFile, IconKey, IconTrash, IconUser, IconUsers } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { connectorQuery, useCreate, useDelete, type Connector } from '../../api/connectors.ts';
import { apply, setValue } from '../../document/edit.ts';
import { read } from '../../document/reading.ts';
import { Confirm } from '../../ui/Confirm.tsx';
import { download } from '../../ui/download.ts';
import { Failure } from '../../ui/Failure.tsx';
import { useSay } from '../../ui/LiveRegion.tsx';
import classes from './connectors.module.css';
import { DeletionEffect } from './DeletionEffect.tsx';
import { freeName } from './freeName.ts';

/** The row. */
export function ConnectorRow({ connector, taken }: { connector: Connector; taken: readonly string[] }) {
  const { connector: name, title, owner, origin, file, version, environments } = connector;
  const [asks, dialog] = useDisclosure(false);
  const queries = useQueryClient();
  const navigate = useNavigate();
  const say = useSay();
  const create = useCreate();
  const remove = useDelete();
  const whole = () => queries.query({ ...connectorQuery(name), staleTime: 0 });
  const duplicate = useMutation({
    async mutationFn() {
      const reading = read((await whole()).text);
      const copy = apply(reading.text, setValue(reading, ['connector'], freeName(name, taken)));
      return create.mutateAsync(copy);
    },
    onSuccess: (made) => navigate({ to: '/connectors/$name', params: { name: made.connector } }),
  });
  const exported = useMutation({
    mutationFn: whole,
    onSuccess: ({ text }) => download(`${name}.yaml`, text),
  });
  const failed = duplicate.error ?? exported.error;
  const isBusy = duplicate.isPending || exported.isPending;
  return (
    <li className={classes.row}>
      <div className={classes.main}>
        <Link to="/connectors/$name" params={{ name }} className={classes.title}>
          {title || name}
        </Link>
        <Text size="sm" c="dimmed" className={classes.name}>
          {name}
          {environments.length > 0 && ` · ${environments.join(', ')}`}
        </Text>
      </div>
      <div className={classes.facts}>
        <Badge
          variant="light"
          color="gray"
          tt="none"
          leftSection={owner === 'shared' ? <IconUsers size={13} aria-hidden /> : <IconUser size={13} aria-hidden />}
        >
          {owner === 'shared' ? 'One for all' : 'Each user signs in'}
        </Badge>
        {origin === 'folder' ? (
          <Badge variant="light" color="gray" tt="none" leftSection={<IconFile size={13} aria-hidden />}>
            {file ?? 'Managed by file'}
          </Badge>
        ) : (
          <Badge variant="light" color="gray" tt="none">
            Version {version}
          </Badge>
        )}
      </div>
      <Menu>
        <Menu.Target>
          <ActionIcon variant="subtle" color="gray" size="lg" loading={isBusy} aria-label={`What can be done with ${title || name}`}>
            <IconDots size={18} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<IconCopy size={15} aria-hidden />} onClick={() => duplicate.mutate()}>
            Duplicate
          </Menu.Item>
          <Menu.Item leftSection={<IconDownload size={15} aria-hidden />} onClick={() => exported.mutate()}>
            Export
          </Menu.Item>
          <Menu.Item
            leftSection={<IconKey size={15} aria-hidden />}
            onClick={() => void navigate({ to: '/connectors/$name/secrets', params: { name } })}
          >
            Secrets
          </Menu.Item>
          <Menu.Divider />
          <Menu.Item
            color="red"
            leftSection={<IconTrash size={15} aria-hidden />}
            disabled={origin === 'folder'}
            onClick={dialog.open}
          >
            {origin === 'folder' ? 'Delete: remove the file' : 'Delete'}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {failed && <Failure error={failed} />}
      <Confirm
        opened={asks}
        title={`Delete ${title || name}?`}
        action="Delete"
        danger
        working={remove.isPending}
        error={remove.error}
        onClose={() => {
          dialog.close();
          remove.reset();
        }}
        onConfirm={() => remove.mutate({ connector: name, version }, { onSuccess: () => say(`${name} is deleted`) })}
      >
        <DeletionEffect connector={name} />
      </Confirm>
    </li>
  );
}
