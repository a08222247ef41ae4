// Which connectors an app may use, which of them the managed auth screen asks for, and in which order.

import { Button, Group, List, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useChangeApp, usesQuery, type App } from '../../api/apps.ts';
import { connectorsQuery } from '../../api/connectors.ts';
import { Failure } from '../../ui/Failure.tsx';
import { useSay } from '../../ui/LiveRegion.tsx';
import { Loading } from '../../ui/Loading.tsx';
import { PageLink } from '../../ui/PageLink.tsx';
import { Section } from '../../ui/Section.tsx';
import classes from './Publish.module.css';
import { PublishRow } from './PublishRow.tsx';
import { differences, moved, withPublished, withSelected } from './publishing.ts';

/** The list; nothing is published until it is saved, and what that does stands beside the button. */
export function Publish({ app }: { app: App }) {
  const connectors = useQuery(connectorsQuery);
  const uses = useQuery(usesQuery(app.name));
  const change = useChangeApp(app);
  const say = useSay();
  const [now, setNow] = useState(app.connectors);
  const used = uses.data?.uses ?? [];
  const said = differences(app.connectors, now, used);
  if (connectors.isPending) return <Loading />;
  if (connectors.isLoadingError) return <Failure error={connectors.error} reset={() => void connectors.refetch()} />;
  const known = connectors.data.connectors;
  const gone = now.filter((it) => !known.some((one) => one.connector === it.connector));
  const rest = known.filter((one) => !now.some((it) => it.connector === one.connector));
  const save = () =>
    change.mutate({ connectors: now }, { onSuccess: () => say('The connectors of the app are saved.') });
  const row = (connector: string, position: number | null) => (
    <PublishRow
      key={connector}
      connector={connector}
      about={known.find((one) => one.connector === connector)}
      publication={now.find((it) => it.connector === connector)}
      use={used.find((it) => it.connector === connector)}
      isFirst={position === 0}
      isLast={position === now.length - 1}
      onPublish={(published) => setNow(withPublished(now, connector, published))}
      onSelect={(selected) => setNow(withSelected(now, connector, selected))}
      onMove={(by) => setNow(moved(now, connector, by))}
    />
  );
  return (
    <Section
      title="Connectors"
      about="What the app may call, in the order in which its users see them. All others do not exist for it."
    >
      {known.length === 0 && now.length === 0 ? (
        <Text>
          There is no connector to publish yet.{' '}
          <PageLink to="/">
            Make a connector
          </PageLink>{' '}
          first.
        </Text>
      ) : (
        <ul className="bare-list" aria-label="Connectors">
          {now.map((it, position) => row(it.connector, position))}
          {rest.map((one) => row(one.connector, null))}
        </ul>
      )}
      {gone.length > 0 && (
        <Text size="sm" c="var(--page-warning)">
          {gone.map((it) => it.connector).join(', ')}: deleted. Take it back before you save.
        </Text>
      )}
      {uses.isLoadingError && <Failure error={uses.error} reset={() => void uses.refetch()} />}
      {change.isError && <Failure error={change.error} />}
      {said.length > 0 && (
        <Stack gap="sm" className={classes.saving}>
          <Text fw={600}>Publishing this changes:</Text>
          <List size="sm" aria-label="What saving does">
            {said.map((sentence) => (
              <List.Item key={sentence}>{sentence}</List.Item>
            ))}
          </List>
          <Group gap="xs">
            <Button onClick={save} loading={change.isPending}>
              Publish the changes
            </Button>
            <Button variant="default" onClick={() => setNow(app.connectors)}>
              Undo
            </Button>
          </Group>
        </Stack>
      )}
    </Section>
  );
}
