// All versions of a connector: who saved them, what they changed, and the way back to one.

import { Button, Drawer, Group, NavLink, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { versionQuery, versionsQuery } from '../../api/connectors.ts';
import { Failure } from '../../ui/Failure.tsx';
import { Loading } from '../../ui/Loading.tsx';
import { Moment } from '../../ui/Moment.tsx';
import { useEditor, useSnapshot } from './context.ts';
import { Difference } from './Difference.tsx';
import type { Saving } from './useSaving.ts';

interface Props {
  name: string;
  opened: boolean;
  onClose: () => void;
  saving: Saving;
}

/** The drawer. */
export function Versions({ name, opened, onClose, saving }: Props) {
  return (
    <Drawer opened={opened} onClose={onClose} title="Versions" position="right" size="xl">
      {opened && <List key={saving.version} name={name} onClose={onClose} />}
    </Drawer>
  );
}

function List({ name, onClose }: { name: string; onClose: () => void }) {
  const { store } = useEditor();
  const { text } = useSnapshot(store);
  const versions = useQuery({ ...versionsQuery(name), staleTime: 0 });
  const [chosen, setChosen] = useState<number | null>(null);
  const one = useQuery({ ...versionQuery(name, chosen ?? 0), enabled: chosen !== null });
  if (versions.isPending) return <Loading />;
  if (versions.isLoadingError) return <Failure error={versions.error} reset={() => void versions.refetch()} />;
  return (
    <Stack>
      <Text size="sm" c="dimmed">
        Choose one to see what has changed since. Going back puts its text into the editor; it becomes a new version once
        you save it.
      </Text>
      <div>
        {versions.data.versions.map(({ version, author, created_at, note }) => (
          <NavLink
            key={version}
            component="button"
            active={version === chosen}
            label={`Version ${version}`}
            description={
              <>
                {author}, <Moment at={created_at} />
                {note ? `: ${note}` : ''}
              </>
            }
            onClick={() => setChosen(version)}
          />
        ))}
      </div>
      {chosen !== null && one.isPending && <Loading />}
      {one.isLoadingError && <Failure error={one.error} reset={() => void one.refetch()} />}
      {one.data && chosen !== null && (
        <>
          <Difference before={one.data.text} after={text} label={`From version ${chosen} to the editor's text`} />
          <Group>
            <Button
              disabled={one.data.text === text}
              onClick={() => {
                store.replace(one.data.text);
                onClose();
              }}
            >
              Go back to version {chosen}
            </Button>
          </Group>
        </>
      )}
    </Stack>
  );
}
