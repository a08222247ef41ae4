// Somebody else saved meanwhile: both texts beside each other, and the choice between them.

import { Alert, Button, Group, Modal } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { versionQuery } from '../../api/connectors.ts';
import { Failure } from '../../ui/Failure.tsx';
import { Loading } from '../../ui/Loading.tsx';
import { useEditor, useSnapshot } from './context.ts';
import { Difference } from './Difference.tsx';
import type { Saving } from './useSaving.ts';

/** The choice. */
export function Conflict({ name, version, saving }: { name: string; version: number; saving: Saving }) {
  const { store } = useEditor();
  const { text } = useSnapshot(store);
  const theirs = useQuery(versionQuery(name, version));
  const [opened, dialog] = useDisclosure(true);
  const who = theirs.data?.author ?? 'Somebody else';
  const title = `${who} saved version ${version} since you opened this`;
  return (
    <>
      <Alert color="orange" role="alert" title={title} radius={0}>
        Nothing of yours is saved yet.{' '}
        <Button size="compact-sm" variant="default" onClick={dialog.open}>
          Compare
        </Button>
      </Alert>
      <Modal opened={opened} onClose={dialog.close} title={title} size="xl">
        {theirs.isLoadingError && <Failure error={theirs.error} reset={() => void theirs.refetch()} />}
        {theirs.isPending && <Loading />}
        {theirs.data && <Difference before={theirs.data.text} after={text} label="From their text to yours" />}
        <Group justify="flex-end" mt="md">
          <Button variant="default" onClick={dialog.close}>
            Decide later
          </Button>
          <Button
            variant="default"
            disabled={!theirs.data}
            onClick={() => theirs.data && saving.takeOver(theirs.data.text, version)}
          >
            Keep theirs
          </Button>
          <Button loading={saving.isSaving} onClick={() => saving.saveOver(version)}>
            Keep mine
          </Button>
        </Group>
      </Modal>
    </>
  );
}
